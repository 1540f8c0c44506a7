#include "model/protocol/update/catalog.h"
#include "model/settings/text.h"
#include "reference/lanpeer/commands.h"
#include "reference/lanpeer/publishing.h"
#include "reference/packages/certificate-chain.h"
#include "reference/packages/package-error.h"
#include "reference/packages/revocation.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

// revoke: the root's list that a catalog carries (R-UPD-8). An empty one is a list too.

namespace lanpeer::command
{

namespace
{

constexpr std::size_t kMaxSerialDigits = 40; // RFC 5280, 4.1.2.2: 20 bytes
constexpr std::uint64_t kMaxDays = 36'500;
constexpr std::int64_t kDayS = 24 * 60 * 60;
/// Clocks of others that are late by less than that take the list at once.
constexpr std::int64_t kLateS = 60 * 60;

void
CheckSerials(const std::vector<std::string>& serials)
{
    for (const std::string& serial : serials)
    {
        if (serial.empty() || serial.size() > kMaxSerialDigits ||
            serial.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
        {
            throw WrongUse(fmt::format("SERIAL: {} is not 1 to {} hexadecimal digits",
                                       settings::Quote(serial),
                                       kMaxSerialDigits));
        }
    }
}

} // namespace

int
Revoke(const RevokeOptions& options)
{
    reference::RevocationOrder order;
    order.number = NumberOf("--number", options.number, 1, limits::kCatalogNumberMax);
    const std::int64_t now = NowS();
    order.fromS = now - kLateS;
    if (!options.days.empty())
    {
        const std::uint64_t days = NumberOf("--days", options.days, 1, kMaxDays);
        order.untilS = now + static_cast<std::int64_t>(days) * kDayS;
    }
    CheckSerials(options.serials);
    order.revoked = options.serials;
    const reference::SigningKey root = ReadSigningKey(options.certificate, options.key);
    if (!reference::IsRoot(root.Certificates().front()))
    {
        throw WrongUse(fmt::format("--cert {}: not a root's certificate", options.certificate));
    }
    std::string list;
    RevocationList read;
    try
    {
        list = reference::MakeRevocationList(order, root);
        // As update services will, or they would find out what is wrong with it.
        read = reference::ReadRevocationList(
            list, reference::Trust(ReadFile(options.certificate, kMostPemBytes)), now);
    }
    catch (const reference::PackageError& error)
    {
        throw WrongUse(error.what());
    }
    nlohmann::ordered_json described{{"number", read.number}, {"revoked", read.revoked}};
    described["expires"] = nullptr;
    if (order.untilS)
    {
        described["expires"] = *order.untilS;
    }
    Publish(list, options.output, described, options.json);
    return 0;
}

} // namespace lanpeer::command
