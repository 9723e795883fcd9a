using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace MedGan.EndToEnd.Tests.Compose;

/// <summary>A configuration that notes which of its values somebody asked for.</summary>
internal sealed class ReadRecorder(IConfiguration inner) : IConfiguration
{
    /// <summary>The paths of the values that were read, as MedGan:Bus:Port.</summary>
    public HashSet<string> Read { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string? this[string key]
    {
        get => Noted(key, inner[key]);
        set => throw new NotSupportedException();
    }

    public IConfigurationSection GetSection(string key) => new Section(this, inner.GetSection(key));

    public IEnumerable<IConfigurationSection> GetChildren() => inner.GetChildren().Select(child => new Section(this, child));

    public IChangeToken GetReloadToken() => inner.GetReloadToken();

    private string? Noted(string path, string? value)
    {
        if (value is not null) Read.Add(path);
        return value;
    }

    private sealed class Section(ReadRecorder recorder, IConfigurationSection inner) : IConfigurationSection
    {
        public string Key => inner.Key;
        public string Path => inner.Path;

        public string? Value
        {
            get => recorder.Noted(Path, inner.Value);
            set => throw new NotSupportedException();
        }

        public string? this[string key]
        {
            get => recorder.Noted(ConfigurationPath.Combine(Path, key), inner[key]);
            set => throw new NotSupportedException();
        }

        public IConfigurationSection GetSection(string key) => new Section(recorder, inner.GetSection(key));

        public IEnumerable<IConfigurationSection> GetChildren() => inner.GetChildren().Select(child => new Section(recorder, child));

        public IChangeToken GetReloadToken() => inner.GetReloadToken();
    }
}
