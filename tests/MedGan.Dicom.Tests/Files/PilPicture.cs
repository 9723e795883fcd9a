using System.Text.Json;
using MedGan.Dicom.Tests.Reference;
using Xunit;

namespace MedGan.Dicom.Tests.Files;

/// <summary>A picture as PIL reads it, 8-bit grey.</summary>
internal sealed record PilPicture(int Width, int Height, string Pixels)
{
    public float[] Values() => Array.ConvertAll(Convert.FromBase64String(Pixels), b => (float)b);

    public static PilPicture[] ReadAll(IEnumerable<string> paths)
    {
        var (exit, output) = SystemPrograms.Run(SystemPrograms.Python, [SystemPrograms.Script("grey_values.py")], string.Join('\n', paths));
        Assert.Equal(0, exit);
        return JsonSerializer.Deserialize<PilPicture[]>(output, JsonSerializerOptions.Web)!;
    }
}
