using System.Security.Cryptography;
using MedGan.Api.Problems;
using MedGan.Storage;
using MedGan.Storage.Keys;
using Microsoft.IdentityModel.Tokens;

namespace MedGan.Api.Security;

/// <summary>The key that signs local tokens: keys/token.key of the data folder, made on first use, readable by its owner only.</summary>
public static class TokenKey
{
    private const int Bytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where the key of a data folder lies.</summary>
    public static string PathIn(StorageOptions options) => Path.Combine(options.KeysFolder, "token.key");

    /// <summary>Reads the key, making it first where there is none.</summary>
    /// <exception cref="CannotStartException">It cannot be read, is open to others, or is not a key.</exception>
    public static SymmetricSecurityKey Read(StorageOptions options)
    {
        var path = PathIn(options);
        byte[] key;
        try
        {
            key = new KeyRing(options).Token();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !Failure.IsDiskFull(e) && Path.Exists(path))
        {
            throw new CannotStartException($"The signing key {path} cannot be read: make it readable for the user who runs MedGan, or remove it to have a new one made.", e);
        }
        if (key.Length != Bytes)
        {
            throw new CannotStartException($"The signing key {path} does not hold {Bytes} bytes: remove it to have a new one made (older tokens end with it).");
        }
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            throw new CannotStartException($"The signing key {path} is open to other users: run chmod 600 on it, or remove it to have a new one made.");
        }
        return new SymmetricSecurityKey(key) { KeyId = Convert.ToHexStringLower(SHA256.HashData(key))[..16] };
    }
}
