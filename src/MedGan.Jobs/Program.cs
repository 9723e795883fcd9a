using MedGan.Dicom;
using MedGan.Jobs.Hosting;

DicomIdentity.Announce();
return args is ["--data", { Length: > 0 } folder]
    ? await Worker.RunAsync(Path.GetFullPath(folder), Console.Error, CancellationToken.None)
    : Worker.WrongUse(Console.Error);
