using System.Text;
using FellowOakDicom.IO.Buffer;

namespace FellowOakDicom;

/// <summary>Age string (AS).</summary>
public sealed class DicomAgeString : DicomMultiStringElement
{
    public DicomAgeString(DicomTag tag, params string[] values) : base(tag, values) { }
    public DicomAgeString(DicomTag tag, IByteBuffer data) : base(tag, DicomEncoding.DefaultArray, data) { }

    public override DicomVR ValueRepresentation => DicomVR.AS;
}

/// <summary>Application entity title (AE).</summary>
public sealed class DicomApplicationEntity : DicomMultiStringElement
{
    public DicomApplicationEntity(DicomTag tag, params string[] values) : base(tag, values) { }
    public DicomApplicationEntity(DicomTag tag, IByteBuffer data) : base(tag, DicomEncoding.DefaultArray, data) { }

    public override DicomVR ValueRepresentation => DicomVR.AE;
}

/// <summary>Code string (CS).</summary>
public sealed class DicomCodeString : DicomMultiStringElement
{
    public DicomCodeString(DicomTag tag, params string[] values) : base(tag, values) { }
    public DicomCodeString(DicomTag tag, IByteBuffer data) : base(tag, DicomEncoding.DefaultArray, data) { }

    public override DicomVR ValueRepresentation => DicomVR.CS;
}

/// <summary>Long string (LO).</summary>
public sealed class DicomLongString : DicomMultiStringElement
{
    public DicomLongString(DicomTag tag, params string[] values) : base(tag, values) { }
    public DicomLongString(DicomTag tag, Encoding[] encoding, IByteBuffer data) : base(tag, encoding, data) { }

    public override DicomVR ValueRepresentation => DicomVR.LO;
}

/// <summary>Short string (SH).</summary>
public sealed class DicomShortString : DicomMultiStringElement
{
    public DicomShortString(DicomTag tag, params string[] values) : base(tag, values) { }
    public DicomShortString(DicomTag tag, Encoding[] encodings, IByteBuffer data) : base(tag, encodings, data) { }

    public override DicomVR ValueRepresentation => DicomVR.SH;
}

/// <summary>Unlimited characters (UC).</summary>
public sealed class DicomUnlimitedCharacters : DicomMultiStringElement
{
    public DicomUnlimitedCharacters(DicomTag tag, params string[] values) : base(tag, values) { }
    public DicomUnlimitedCharacters(DicomTag tag, Encoding[] encodings, IByteBuffer data) : base(tag, encodings, data) { }

    public override DicomVR ValueRepresentation => DicomVR.UC;
}

/// <summary>Long text (LT).</summary>
public sealed class DicomLongText : DicomStringElement
{
    public DicomLongText(DicomTag tag, string value) : base(tag, value) { }
    public DicomLongText(DicomTag tag, Encoding[] encodings, IByteBuffer data) : base(tag, encodings, data) { }

    public override DicomVR ValueRepresentation => DicomVR.LT;
}

/// <summary>Short text (ST).</summary>
public sealed class DicomShortText : DicomStringElement
{
    public DicomShortText(DicomTag tag, string value) : base(tag, value) { }
    public DicomShortText(DicomTag tag, Encoding[] encodings, IByteBuffer data) : base(tag, encodings, data) { }

    public override DicomVR ValueRepresentation => DicomVR.ST;
}

/// <summary>Universal resource identifier or locator (UR).</summary>
public sealed class DicomUniversalResource : DicomStringElement
{
    public DicomUniversalResource(DicomTag tag, string value) : base(tag, value) { }
    public DicomUniversalResource(DicomTag tag, Encoding[] encodings, IByteBuffer data) : base(tag, encodings, data) { }

    public override DicomVR ValueRepresentation => DicomVR.UR;
}

/// <summary>Unlimited text (UT).</summary>
public sealed class DicomUnlimitedText : DicomStringElement
{
    public DicomUnlimitedText(DicomTag tag, string value) : base(tag, value) { }
    public DicomUnlimitedText(DicomTag tag, Encoding[] encodings, IByteBuffer data) : base(tag, encodings, data) { }

    public override DicomVR ValueRepresentation => DicomVR.UT;
}
