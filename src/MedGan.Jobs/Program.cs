using MedGan.Jobs.Hosting;

return args is ["--data", { Length: > 0 } folder]
    ? await Worker.RunAsync(Path.GetFullPath(folder), Console.Error, CancellationToken.None)
    : Worker.WrongUse(Console.Error);
