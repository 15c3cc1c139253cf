using QueueLog.FaultActor;

return args switch
{
    ["listen", .. var arguments] => await ListenActor.RunAsync(arguments),
    ["write", .. var arguments] => await WriteActor.RunAsync(arguments),
    _ => throw new ArgumentException("It is either 'listen' or 'write'."),
};
