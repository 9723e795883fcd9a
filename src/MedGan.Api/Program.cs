using MedGan.Api.CommandLine;

return await Verbs.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
