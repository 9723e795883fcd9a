using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>Other byte (OB).</summary>
public class DicomOtherByte : DicomValueElement<byte>
{
    public DicomOtherByte(DicomTag tag, params byte[] values) : base(tag, values) { }
    public DicomOtherByte(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.OB;

    // The bytes are one value, whatever their number.
    protected override void ValidateVM() { }
}

/// <summary>Other double (OD).</summary>
public class DicomOtherDouble : DicomValueElement<double>
{
    public DicomOtherDouble(DicomTag tag, params double[] values) : base(tag, values) { }
    public DicomOtherDouble(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.OD;

    // The bytes are one value, whatever their number.
    protected override void ValidateVM() { }
}

/// <summary>Other float (OF).</summary>
public class DicomOtherFloat : DicomValueElement<float>
{
    public DicomOtherFloat(DicomTag tag, params float[] values) : base(tag, values) { }
    public DicomOtherFloat(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.OF;

    // The bytes are one value, whatever their number.
    protected override void ValidateVM() { }
}

/// <summary>Other long (OL).</summary>
public class DicomOtherLong : DicomValueElement<uint>
{
    public DicomOtherLong(DicomTag tag, params uint[] values) : base(tag, values) { }
    public DicomOtherLong(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.OL;

    // The bytes are one value, whatever their number.
    protected override void ValidateVM() { }
}

/// <summary>Other 64-bit very long (OV).</summary>
public class DicomOtherVeryLong : DicomValueElement<ulong>
{
    public DicomOtherVeryLong(DicomTag tag, params ulong[] values) : base(tag, values) { }
    public DicomOtherVeryLong(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.OV;

    // The bytes are one value, whatever their number.
    protected override void ValidateVM() { }
}

/// <summary>Other word (OW).</summary>
public class DicomOtherWord : DicomValueElement<ushort>
{
    public DicomOtherWord(DicomTag tag, params ushort[] values) : base(tag, values) { }
    public DicomOtherWord(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.OW;

    // The bytes are one value, whatever their number.
    protected override void ValidateVM() { }
}

/// <summary>Unknown (UN): the bytes as they were.</summary>
public sealed class DicomUnknown : DicomOtherByte
{
    public DicomUnknown(DicomTag tag, params byte[] values) : base(tag, values) { }
    public DicomUnknown(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.UN;
}
