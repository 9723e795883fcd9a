using MedGan.Dicom;
using MedGan.Jobs.CommandLine;
using MedGan.Jobs.Hosting;
using Microsoft.Extensions.Configuration;

DicomIdentity.Announce();
if (Verbs.Ask(args)) return await Verbs.RunAsync(args);
return args is ["--data", { Length: > 0 } folder]
    ? await Worker.RunAsync(Path.GetFullPath(folder), new ConfigurationBuilder().AddEnvironmentVariables().Build(), Console.Error, CancellationToken.None)
    : Worker.WrongUse(Console.Error);
