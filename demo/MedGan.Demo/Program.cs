using MedGan.Demo;
using MedGan.Demo.Reporting;
using MedGan.Demo.Service;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };
try
{
    var options = DemoOptions.Parse(args);
    Directory.CreateDirectory(options.Out);
    using MedGanClient steward = Client("MEDGAN_STEWARD"), researcher = Client("MEDGAN_RESEARCHER"), officer = Client("MEDGAN_PRIVACY_OFFICER");
    var result = await new MainJob(options, steward, researcher, officer).RunAsync(stop.Token);
    Console.WriteLine(options.Json ? ResultTable.Json(result) : ResultTable.Text(result));
    Console.Error.WriteLine($"Open {Path.Combine(options.Out, "report.html")}");
    return result.Met ? 0 : 1;

    MedGanClient Client(string variable) => new(options.Url, "demo",
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } token ? token : throw DemoException.WrongUse($"the variable {variable} holds no token: make one with ./medgan token"));
}
catch (DemoException e)
{
    Console.Error.WriteLine($"medgan: {e.Message}");
    return e.ExitCode;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"medgan: {e.Message} Choose another folder with --out, or make room on the disk.");
    return 2;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("medgan: stopped");
    return 130;
}
