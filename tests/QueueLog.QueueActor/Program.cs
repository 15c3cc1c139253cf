using QueueLog.QueueActor;

return args switch
{
    ["host", .. var arguments] => await HostActor.RunAsync(arguments),
    ["submit", .. var arguments] => await SubmitActor.RunAsync(arguments),
    _ => throw new ArgumentException("It is either 'host' or 'submit'."),
};
