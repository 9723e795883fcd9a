using MedGan.Api.CommandLine;
using MedGan.Dicom;

DicomIdentity.Announce();
return await Verbs.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
