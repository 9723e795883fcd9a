using MedGan.Api.Problems;

namespace MedGan.Api.Uploads;

/// <summary>Why a whole upload is refused. Nothing of it is kept.</summary>
internal static class Refusals
{
    public static RefusedException TooManyBytes(long limit) => TooLarge($"An upload may hold {limit} bytes; send it in smaller requests.");

    public static RefusedException PartTooLarge(int index, long limit) => TooLarge($"Object {index} holds more than {limit} bytes.");

    public static RefusedException TooManyParts(int limit) => TooLarge($"An upload may hold {limit} objects; send it in several requests.");

    public static RefusedException BadZip(string detail) => RefusedException.BadRequest("The archive was refused", detail);

    public static RefusedException BadMultipart(string detail) => RefusedException.BadRequest("The multipart body was refused", detail);

    public static RefusedException WrongType(string detail) =>
        new(StatusCodes.Status415UnsupportedMediaType, "This content type is not accepted here", detail);

    private static RefusedException TooLarge(string detail) =>
        new(StatusCodes.Status413PayloadTooLarge, "The upload is too large", detail);
}
