using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>Floating point double (FD).</summary>
public class DicomFloatingPointDouble : DicomValueElement<double>
{
    public DicomFloatingPointDouble(DicomTag tag, params double[] values) : base(tag, values) { }
    public DicomFloatingPointDouble(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.FD;
}

/// <summary>Floating point single (FL).</summary>
public class DicomFloatingPointSingle : DicomValueElement<float>
{
    public DicomFloatingPointSingle(DicomTag tag, params float[] values) : base(tag, values) { }
    public DicomFloatingPointSingle(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.FL;
}

/// <summary>Signed long (SL).</summary>
public class DicomSignedLong : DicomValueElement<int>
{
    public DicomSignedLong(DicomTag tag, params int[] values) : base(tag, values) { }
    public DicomSignedLong(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.SL;
}

/// <summary>Signed short (SS).</summary>
public class DicomSignedShort : DicomValueElement<short>
{
    public DicomSignedShort(DicomTag tag, params short[] values) : base(tag, values) { }
    public DicomSignedShort(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.SS;
}

/// <summary>Signed 64-bit very long (SV).</summary>
public class DicomSignedVeryLong : DicomValueElement<long>
{
    public DicomSignedVeryLong(DicomTag tag, params long[] values) : base(tag, values) { }
    public DicomSignedVeryLong(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.SV;
}

/// <summary>Unsigned long (UL).</summary>
public class DicomUnsignedLong : DicomValueElement<uint>
{
    public DicomUnsignedLong(DicomTag tag, params uint[] values) : base(tag, values) { }
    public DicomUnsignedLong(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.UL;
}

/// <summary>Unsigned short (US).</summary>
public class DicomUnsignedShort : DicomValueElement<ushort>
{
    public DicomUnsignedShort(DicomTag tag, params ushort[] values) : base(tag, values) { }
    public DicomUnsignedShort(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.US;
}

/// <summary>Unsigned 64-bit very long (UV).</summary>
public class DicomUnsignedVeryLong : DicomValueElement<ulong>
{
    public DicomUnsignedVeryLong(DicomTag tag, params ulong[] values) : base(tag, values) { }
    public DicomUnsignedVeryLong(DicomTag tag, IByteBuffer data) : base(tag, data) { }

    public override DicomVR ValueRepresentation => DicomVR.UV;
}
