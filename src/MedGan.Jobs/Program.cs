using MedGan.Dicom;
using MedGan.Jobs.Hosting;
using Microsoft.Extensions.Configuration;

DicomIdentity.Announce();
return args is ["--data", { Length: > 0 } folder]
    ? await Worker.RunAsync(Path.GetFullPath(folder), new ConfigurationBuilder().AddEnvironmentVariables().Build(), Console.Error, CancellationToken.None)
    : Worker.WrongUse(Console.Error);
