using MedGan.Phantoms;

return CommandLine.Run(args, Console.Out, Console.Error);
