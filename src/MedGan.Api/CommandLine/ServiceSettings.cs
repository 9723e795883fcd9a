using System.ComponentModel.DataAnnotations;
using MedGan.Api.Network;
using MedGan.Api.Problems;
using MedGan.Api.Security;
using MedGan.Api.Uploads;

namespace MedGan.Api.CommandLine;

/// <summary>The section "MedGan" of appsettings.json and the environment (MedGan__Auth__Authority=...).</summary>
public sealed class ServiceSettings
{
    /// <summary>Where everything lies; --data goes before it.</summary>
    public DataOptions Data { get; set; } = new();

    /// <summary>Who signs tokens.</summary>
    public AuthOptions Auth { get; set; } = new();

    /// <summary>How much an upload may bring.</summary>
    public UploadLimits Limits { get; set; } = new();

    /// <summary>How much one caller may ask for.</summary>
    public TrafficOptions Traffic { get; set; } = new();

    /// <summary>HTTPS.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>Proxies in front.</summary>
    public ProxyOptions Proxies { get; set; } = new();

    /// <summary>The data folder.</summary>
    public sealed class DataOptions
    {
        /// <summary>Path of the folder.</summary>
        public string? Folder { get; set; }
    }

    /// <summary>Reads and checks the whole section.</summary>
    /// <exception cref="CannotStartException">With every error at once.</exception>
    public static ServiceSettings Read(IConfiguration configuration)
    {
        ServiceSettings settings;
        try
        {
            settings = configuration.GetSection("MedGan").Get<ServiceSettings>() ?? new ServiceSettings();
        }
        catch (InvalidOperationException e)
        {
            throw new CannotStartException("The configuration section MedGan holds a value of the wrong kind: compare it with appsettings.json of the release.", e);
        }
        var errors = new List<ValidationResult>();
        foreach (object part in new object[] { settings.Auth, settings.Limits, settings.Traffic, settings.Tls, settings.Proxies })
        {
            Validator.TryValidateObject(part, new ValidationContext(part), errors, validateAllProperties: true);
        }
        if (errors.Count > 0)
        {
            throw new CannotStartException("The configuration is not valid: " + string.Join(" ", errors.Select(e => e.ErrorMessage)));
        }
        return settings;
    }
}
