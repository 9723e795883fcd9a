using System.Collections.Concurrent;
using FellowOakDicom.IO;

namespace FellowOakDicom;

/// <summary>How a data set is encoded (PS3.5 section 10 and Annex A).</summary>
public class DicomTransferSyntax
{
    private const string Jpeg = "ISO_10918_1", JpegLs = "ISO_14495_1", Jpeg2000 = "ISO_15444_1", HtJ2K = "ISO_15444_15",
        Mpeg2Video = "ISO_13818_2", Mpeg4 = "ISO_14496_10", Hevc = "ISO_23008_2";
    private static readonly ConcurrentDictionary<string, DicomTransferSyntax> Known = new();

    private DicomTransferSyntax(DicomUID uid) => UID = uid;

    public static readonly DicomTransferSyntax ImplicitVRLittleEndian = Native(DicomUID.ImplicitVRLittleEndian, isExplicit: false);
    public static readonly DicomTransferSyntax ExplicitVRLittleEndian = Native(DicomUID.ExplicitVRLittleEndian);
    public static readonly DicomTransferSyntax ExplicitVRBigEndian = Native(DicomUID.ExplicitVRBigEndianRETIRED, endian: Endian.Big);
    public static readonly DicomTransferSyntax DeflatedExplicitVRLittleEndian = Native(DicomUID.DeflatedExplicitVRLittleEndian, deflate: true);
    public static readonly DicomTransferSyntax JPEGProcess1 = Encapsulated("1.2.840.10008.1.2.4.50", Jpeg);
    public static readonly DicomTransferSyntax JPEGProcess2_4 = Encapsulated("1.2.840.10008.1.2.4.51", Jpeg);
    public static readonly DicomTransferSyntax JPEGProcess3_5Retired = Encapsulated("1.2.840.10008.1.2.4.52", Jpeg);
    public static readonly DicomTransferSyntax JPEGProcess6_8Retired = Encapsulated("1.2.840.10008.1.2.4.53", Jpeg);
    public static readonly DicomTransferSyntax JPEGProcess7_9Retired = Encapsulated("1.2.840.10008.1.2.4.54", Jpeg);
    public static readonly DicomTransferSyntax JPEGProcess10_12Retired = Encapsulated("1.2.840.10008.1.2.4.55", Jpeg);
    public static readonly DicomTransferSyntax JPEGProcess11_13Retired = Encapsulated("1.2.840.10008.1.2.4.56", Jpeg);
    public static readonly DicomTransferSyntax JPEGProcess14 = Encapsulated("1.2.840.10008.1.2.4.57");
    public static readonly DicomTransferSyntax JPEGProcess15Retired = Encapsulated("1.2.840.10008.1.2.4.58");
    public static readonly DicomTransferSyntax JPEGProcess16_18Retired = Encapsulated("1.2.840.10008.1.2.4.59", Jpeg);
    public static readonly DicomTransferSyntax JPEGProcess17_19Retired = Encapsulated("1.2.840.10008.1.2.4.60", Jpeg);
    public static readonly DicomTransferSyntax JPEGProcess20_22Retired = Encapsulated("1.2.840.10008.1.2.4.61", Jpeg);
    public static readonly DicomTransferSyntax JPEGProcess21_23Retired = Encapsulated("1.2.840.10008.1.2.4.62", Jpeg);
    public static readonly DicomTransferSyntax JPEGProcess24_26Retired = Encapsulated("1.2.840.10008.1.2.4.63", Jpeg);
    public static readonly DicomTransferSyntax JPEGProcess25_27Retired = Encapsulated("1.2.840.10008.1.2.4.64", Jpeg);
    public static readonly DicomTransferSyntax JPEGProcess28Retired = Encapsulated("1.2.840.10008.1.2.4.65");
    public static readonly DicomTransferSyntax JPEGProcess29Retired = Encapsulated("1.2.840.10008.1.2.4.66");
    public static readonly DicomTransferSyntax JPEGProcess14SV1 = Encapsulated("1.2.840.10008.1.2.4.70");
    public static readonly DicomTransferSyntax JPEGLSLossless = Encapsulated("1.2.840.10008.1.2.4.80");
    public static readonly DicomTransferSyntax JPEGLSNearLossless = Encapsulated("1.2.840.10008.1.2.4.81", JpegLs);
    public static readonly DicomTransferSyntax JPEG2000Lossless = Encapsulated("1.2.840.10008.1.2.4.90");
    public static readonly DicomTransferSyntax JPEG2000Lossy = Encapsulated("1.2.840.10008.1.2.4.91", Jpeg2000);
    public static readonly DicomTransferSyntax JPEG2000Part2MultiComponentLosslessOnly = Encapsulated("1.2.840.10008.1.2.4.92");
    public static readonly DicomTransferSyntax JPEG2000Part2MultiComponent = Encapsulated("1.2.840.10008.1.2.4.93", Jpeg2000);
    public static readonly DicomTransferSyntax HTJ2KLossless = Encapsulated("1.2.840.10008.1.2.4.201");
    public static readonly DicomTransferSyntax HTJ2KLosslessRPCL = Encapsulated("1.2.840.10008.1.2.4.202");
    public static readonly DicomTransferSyntax HTJ2K = Encapsulated("1.2.840.10008.1.2.4.203", HtJ2K);
    public static readonly DicomTransferSyntax JPIPReferenced = Encapsulated("1.2.840.10008.1.2.4.94", Jpeg2000);
    public static readonly DicomTransferSyntax JPIPReferencedDeflate = Encapsulated("1.2.840.10008.1.2.4.95", Jpeg2000, deflate: true);
    public static readonly DicomTransferSyntax MPEG2 = Encapsulated("1.2.840.10008.1.2.4.100", Mpeg2Video);
    public static readonly DicomTransferSyntax MPEG2MainProfileHighLevel = Encapsulated("1.2.840.10008.1.2.4.101", Mpeg2Video);
    public static readonly DicomTransferSyntax MPEG4AVCH264HighProfileLevel41 = Encapsulated("1.2.840.10008.1.2.4.102", Mpeg4);
    public static readonly DicomTransferSyntax MPEG4AVCH264BDCompatibleHighProfileLevel41 = Encapsulated("1.2.840.10008.1.2.4.103", Mpeg4);
    public static readonly DicomTransferSyntax MPEG4AVCH264HighProfileLevel42For2DVideo = Encapsulated("1.2.840.10008.1.2.4.104", Mpeg4);
    public static readonly DicomTransferSyntax MPEG4AVCH264HighProfileLevel42For3DVideo = Encapsulated("1.2.840.10008.1.2.4.105", Mpeg4);
    public static readonly DicomTransferSyntax MPEG4AVCH264StereoHighProfileLevel42 = Encapsulated("1.2.840.10008.1.2.4.106", Mpeg4);
    public static readonly DicomTransferSyntax HEVCH265MainProfileLevel51 = Encapsulated("1.2.840.10008.1.2.4.107", Hevc);
    public static readonly DicomTransferSyntax HEVCH265Main10ProfileLevel51 = Encapsulated("1.2.840.10008.1.2.4.108", Hevc);
    public static readonly DicomTransferSyntax RLELossless = Encapsulated("1.2.840.10008.1.2.5");
    public static readonly DicomTransferSyntax RFC2557MIMEEncapsulation = Encapsulated("1.2.840.10008.1.2.6.1");
    public static readonly DicomTransferSyntax XMLEncoding = Encapsulated("1.2.840.10008.1.2.6.2");
    public static readonly DicomTransferSyntax Papyrus3ImplicitVRLittleEndianRetired = Native(DicomUID.Papyrus3ImplicitVRLittleEndianRETIRED, isExplicit: false);

    public DicomUID UID { get; private init; }
    public bool IsRetired => UID.IsRetired;
    public bool IsExplicitVR { get; private init; }

    /// <summary>Pixel data are compressed, in fragments (PS3.5 section A.4).</summary>
    public bool IsEncapsulated { get; private init; }
    public bool IsLossy => LossyCompressionMethod.Length > 0;

    /// <summary>The value of Lossy Image Compression Method (0028,2114), empty for lossless ones.</summary>
    public string LossyCompressionMethod { get; private init; } = string.Empty;
    public bool IsDeflate { get; private init; }
    public Endian Endian { get; private init; }
    public static IEnumerable<DicomTransferSyntax> KnownEntries => Known.Values;

    public static bool operator ==(DicomTransferSyntax a, DicomTransferSyntax b) => a is null ? b is null : a.Equals(b);
    public static bool operator !=(DicomTransferSyntax a, DicomTransferSyntax b) => !(a == b);
    public override bool Equals(object obj) => obj is DicomTransferSyntax other && UID == other.UID;
    public override int GetHashCode() => UID.GetHashCode();
    public override string ToString() => UID.Name;

    public static DicomTransferSyntax Parse(string uid) => Lookup(DicomUID.Parse(uid));

    /// <summary>The known syntax, or null.</summary>
    public static DicomTransferSyntax Query(DicomUID uid) => Known.GetValueOrDefault(uid.UID);

    /// <summary>The known syntax, or one that is taken for encapsulated explicit VR little endian.</summary>
    public static DicomTransferSyntax Lookup(DicomUID uid) =>
        Query(uid) ?? new DicomTransferSyntax(uid) { IsExplicitVR = true, IsEncapsulated = true };

    public static DicomTransferSyntax Register(DicomUID uid) => Register(uid, Endian.Little);

    public static DicomTransferSyntax Register(DicomUID uid, Endian endian, bool isExplicitVR = true, bool isEncapsulated = true) =>
        Known.GetOrAdd(uid.UID, _ => new DicomTransferSyntax(uid) { Endian = endian, IsExplicitVR = isExplicitVR, IsEncapsulated = isEncapsulated });

    public static bool Unregister(DicomUID uid) => Known.TryRemove(uid.UID, out _);
    public static bool Unregister(DicomTransferSyntax ts) => Unregister(ts.UID);

    private static DicomTransferSyntax Native(DicomUID uid, bool isExplicit = true, Endian endian = default, bool deflate = false) =>
        Known[uid.UID] = new DicomTransferSyntax(uid) { IsExplicitVR = isExplicit, Endian = endian, IsDeflate = deflate };

    private static DicomTransferSyntax Encapsulated(string uid, string lossyMethod = "", bool deflate = false) =>
        Known[uid] = new DicomTransferSyntax(DicomUID.Parse(uid)) { IsExplicitVR = true, IsEncapsulated = true, LossyCompressionMethod = lossyMethod, IsDeflate = deflate };
}
