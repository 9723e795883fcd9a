using MedGan.Api.Problems;
using MedGan.Dicom.Web;

namespace MedGan.Api.Uploads;

/// <summary>Why a whole upload is refused. Nothing of it is kept.</summary>
internal static class Refusals
{
    /// <summary>The answer to a multipart body that cannot be taken.</summary>
    public static RefusedException Of(MultipartException e) => e.Fault switch
    {
        MultipartFault.WrongType => WrongType(e.Message),
        MultipartFault.Malformed => RefusedException.BadRequest("The multipart body was refused", e.Message),
        _ => TooLarge(e.Message),
    };

    public static RefusedException TooManyBytes(long limit) => TooLarge($"An upload may hold {limit} bytes; send it in smaller requests.");

    public static RefusedException PartTooLarge(int index, long limit) => TooLarge($"Object {index} holds more than {limit} bytes.");

    public static RefusedException TooManyParts(int limit) => TooLarge($"An upload may hold {limit} objects; send it in several requests.");

    public static RefusedException BadZip(string detail) => RefusedException.BadRequest("The archive was refused", detail);

    public static RefusedException WrongType(string detail) =>
        new(StatusCodes.Status415UnsupportedMediaType, "This content type is not accepted here", detail);

    private static RefusedException TooLarge(string detail) =>
        new(StatusCodes.Status413PayloadTooLarge, "The upload is too large", detail);
}
