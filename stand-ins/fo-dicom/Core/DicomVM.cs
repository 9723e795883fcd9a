namespace FellowOakDicom;

/// <summary>Value multiplicity of an attribute (PS3.5 section 6.4).</summary>
public class DicomVM
{
    public static readonly DicomVM VM_1 = new(1, 1, 1);
    public static readonly DicomVM VM_1_2 = new(1, 2, 1);
    public static readonly DicomVM VM_1_3 = new(1, 3, 1);
    public static readonly DicomVM VM_1_8 = new(1, 8, 1);
    public static readonly DicomVM VM_1_32 = new(1, 32, 1);
    public static readonly DicomVM VM_1_99 = new(1, 99, 1);
    public static readonly DicomVM VM_1_n = new(1, int.MaxValue, 1);
    public static readonly DicomVM VM_2 = new(2, 2, 1);
    public static readonly DicomVM VM_2_n = new(2, int.MaxValue, 1);
    public static readonly DicomVM VM_2_2n = new(2, int.MaxValue, 2);
    public static readonly DicomVM VM_3 = new(3, 3, 1);
    public static readonly DicomVM VM_3_n = new(3, int.MaxValue, 1);
    public static readonly DicomVM VM_3_3n = new(3, int.MaxValue, 3);
    public static readonly DicomVM VM_4 = new(4, 4, 1);
    public static readonly DicomVM VM_6 = new(6, 6, 1);
    public static readonly DicomVM VM_16 = new(16, 16, 1);

    public DicomVM(int minimum, int maximum, int multiplicity) =>
        (Minimum, Maximum, Multiplicity) = (minimum, maximum, multiplicity);

    public int Minimum { get; }

    /// <summary><see cref="int.MaxValue"/> where the standard says n.</summary>
    public int Maximum { get; }

    /// <summary>The count of values is a multiple of this, as in 2-2n.</summary>
    public int Multiplicity { get; }

    /// <summary>Parses forms such as 1, 1-3, 1-n, 2-2n.</summary>
    public static DicomVM Parse(string s)
    {
        try
        {
            var parts = s.Split('-', ' ');
            var minimum = int.Parse(parts[0]);
            if (parts.Length == 1) return new(minimum, minimum, 1);
            var last = parts[^1];
            if (!last.EndsWith('n')) return new(minimum, int.Parse(last), 1);
            return new(minimum, int.MaxValue, last.Length > 1 ? int.Parse(last[..^1]) : 1);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new DicomDataException("Error parsing value multiplicity", e);
        }
    }

    internal bool Allows(int count) => count >= Minimum && count <= Maximum && count % Multiplicity == 0;

    public override string ToString() =>
        Maximum == Minimum ? $"{Minimum}"
        : Maximum < int.MaxValue ? $"{Minimum}-{Maximum}"
        : Multiplicity > 1 ? $"{Minimum}-{Multiplicity}n" : $"{Minimum}-n";
}
