#include "model/protocol/update/update-reason.h"

namespace lanpeer
{

namespace
{

// clang-format off
constexpr std::array<UpdateReasonRow, kUpdateReasons> kTable{{
    {UpdateReason::None, "none", "nothing is wrong"},
    {UpdateReason::Unsigned, "unsigned", "arbitrary software: the file is not signed"},
    {UpdateReason::MalformedPackage, "malformed-package", "arbitrary software: the file is no signed cabinet"},
    {UpdateReason::Altered, "altered", "arbitrary software: the file was altered after it was signed"},
    {UpdateReason::Untrusted, "untrusted", "arbitrary software: the signer's certificate does not lead to the root"},
    {UpdateReason::NotForSigning, "not-for-signing", "arbitrary software: the certificate is for another purpose than signing code"},
    {UpdateReason::OutOfDate, "out-of-date", "the signer's certificate is not valid at the time of the check"},
    {UpdateReason::WeakSignature, "weak-signature", "the signature's digest or key is too weak"},
    {UpdateReason::RevokedSigner, "revoked-signer", "key compromise: the root has revoked the signer's certificate"},
    {UpdateReason::NoEmbeddedName, "no-embedded-name", "wrong software: the signed file does not say what it is"},
    {UpdateReason::WrongName, "wrong-name", "wrong software: the signed file is not the catalog, or not this version of it"},
    {UpdateReason::NoRevocationList, "no-revocation-list", "key compromise: the catalog comes without a list that the root signed"},
    {UpdateReason::OldRevocationList, "old-revocation-list", "key compromise: the catalog's revocation list is older than the one known"},
    {UpdateReason::BadRevocationList, "bad-revocation-list", "key compromise: the catalog's revocation list is another than the one known under its number"},
    {UpdateReason::MalformedCatalog, "malformed-catalog", "the catalog's text is none"},
    {UpdateReason::Expired, "expired", "freeze: the catalog's expiry has passed"},
    {UpdateReason::Rollback, "rollback", "rollback: the catalog is older than one that was accepted"},
    {UpdateReason::MixAndMatch, "mix-and-match", "mix-and-match: another content under a version that is known"},
    {UpdateReason::FastForward, "fast-forward", "fast-forward: a new epoch without a list of the root's for it, newer and revoking the old signer"},
    {UpdateReason::NoNewerThanHeld, "no-newer-than-held", "freeze: a peer's catalog that is no newer than the one held says nothing"},
    {UpdateReason::EndlessData, "endless-data", "endless data: the file is longer than the catalog says"},
    {UpdateReason::Truncated, "truncated", "truncated: the file is shorter than the catalog says"},
    {UpdateReason::WrongFile, "wrong-file", "wrong file: its SHA-256 is not the catalog's"},
    {UpdateReason::WrongProduct, "wrong-product", "wrong software: the file is of another product"},
    {UpdateReason::Renamed, "renamed", "renamed: the file was signed under another name or version"},
    {UpdateReason::RollbackOfProduct, "rollback-of-product", "rollback: the catalog lists an older version than was installed"},
    {UpdateReason::NotAsked, "not-asked", "nobody asked for it"},
    {UpdateReason::NotJudged, "not-judged", "it was reported as found, but no body was accepted"},
    {UpdateReason::CatalogUnavailable, "catalog-unavailable", "the catalog could not be retrieved"},
    {UpdateReason::PackageUnavailable, "package-unavailable", "the file could not be retrieved"},
    {UpdateReason::TooSlow, "too-slow", "slow retrieval: not there when the check's time was over"},
    {UpdateReason::Incomplete, "incomplete", "incomplete: a part of the set is missing, so nothing of it is installed"},
    {UpdateReason::InstallFailed, "install-failed", "the set could not be installed"},
    {UpdateReason::ClockBehind, "clock-behind", "clock: it tells an earlier time than what is known of"},
    {UpdateReason::Stale, "stale", "stale: for too long no newer catalog was heard of"},
}};
// clang-format on

constexpr bool
InOrder()
{
    for (std::size_t i = 0; i < kUpdateReasons; ++i)
    {
        if (static_cast<std::size_t>(kTable[i].reason) != i)
        {
            return false;
        }
    }
    return true;
}

static_assert(InOrder(), "a row for every reason, in the order of the enumerators");

} // namespace

const std::array<UpdateReasonRow, kUpdateReasons>&
UpdateReasonTable()
{
    return kTable;
}

std::string_view
ToString(UpdateReason reason)
{
    return kTable[static_cast<std::size_t>(reason)].name;
}

std::string_view
MeaningOf(UpdateReason reason)
{
    return kTable[static_cast<std::size_t>(reason)].meaning;
}

} // namespace lanpeer
