using MedGan.Storage.Tests.Objects;
using MedGan.Storage.Tests.Queue;

// The tests themselves, or one of the processes that they start.
return args switch
{
    ["worker", var folder] => await WorkerProcess.RunAsync(folder, postgres: null),
    ["worker", var folder, var postgres] => await WorkerProcess.RunAsync(folder, postgres),
    ["place", var folder] => await PlacingProcess.RunAsync(folder, bucket: null),
    ["place", var folder, var bucket] => await PlacingProcess.RunAsync(folder, bucket),
    ["fill", var folder] => await FillingProcess.RunAsync(folder),
    ["hammer", var folder, var count] => await Hammer.RunAsync(folder, int.Parse(count)),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
