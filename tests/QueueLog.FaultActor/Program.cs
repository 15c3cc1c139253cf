using QueueLog.FaultActor;

return args switch
{
    ["listen", .. var arguments] => await ListenActor.RunAsync(arguments),
    ["write", .. var arguments] => await WriteActor.RunAsync(arguments),
    ["host", .. var arguments] => await HostActor.RunAsync(arguments),
    ["submit", .. var arguments] => await SubmitActor.RunAsync(arguments),
    ["work", .. var arguments] => await WorkActor.RunAsync(arguments),
    ["items", .. var arguments] => await ItemsActor.RunAsync(arguments),
    _ => throw new ArgumentException("It is 'listen', 'write', 'host', 'submit', 'work' or 'items'."),
};
