#include "model/protocol/uri.h"
#include "model/settings/text.h"
#include "model/settings/value-reader.h"
#include "reference/configuration/daemon-settings.h"

#include <fmt/format.h>

#include <chrono>
#include <type_traits>
#include <utility>

// The rows of the configuration file.

namespace lanpeer::reference
{

namespace
{

using settings::Expected;
using settings::Value;
using settings::ValueError;

constexpr std::uint64_t kBytesMax = std::uint64_t{1} << 53;

std::string
FlagText(bool flag)
{
    return flag ? "on" : "off";
}

Expected
ExpectationOf(const SettingKey& key)
{
    return {key.path, key.allowed};
}

/// \param member [](auto& s) -> auto& { return s.service...; }
template <typename Member>
SettingKey
CountRow(const char* path, Member member, std::uint64_t min, std::uint64_t max, const char* meaning)
{
    SettingKey row{path, fmt::format("{} to {}", min, max), meaning, {}, {}};
    row.read = [member, min, max](const SettingKey& key, const Value& value, DaemonSettings& its)
    {
        auto& place = member(its);
        place = static_cast<std::decay_t<decltype(place)>>(
            ReadCount(ExpectationOf(key), value, min, max));
    };
    row.print = [member](const DaemonSettings& its)
    {
        return fmt::format("{}", member(its));
    };
    return row;
}

template <typename Member>
SettingKey
FlagRow(const char* path, Member member, const char* meaning)
{
    SettingKey row{path, "on or off", meaning, {}, {}};
    row.read = [member](const SettingKey& key, const Value& value, DaemonSettings& its)
    {
        member(its) = ReadFlag(ExpectationOf(key), value);
    };
    row.print = [member](const DaemonSettings& its)
    {
        return FlagText(member(its));
    };
    return row;
}

std::string
ReadText(const SettingKey& key, const Value& value)
{
    if (value.kind != Value::Kind::Scalar || value.text.empty() ||
        !settings::IsPlainText(value.text))
    {
        throw ValueError::Unexpected(ExpectationOf(key), value, "is no text");
    }
    return value.text;
}

template <typename Member>
SettingKey
TextRow(const char* path, Member member, const char* allowed, const char* meaning)
{
    SettingKey row{path, allowed, meaning, {}, {}};
    row.read = [member](const SettingKey& key, const Value& value, DaemonSettings& its)
    {
        member(its) = ReadText(key, value);
    };
    row.print = [member](const DaemonSettings& its)
    {
        return member(its);
    };
    return row;
}

/// A list of texts, or one of them.
template <typename Member>
SettingKey
ListRow(const char* path, Member member, const char* allowed, const char* meaning)
{
    SettingKey row{path, allowed, meaning, {}, {}};
    row.read = [member](const SettingKey& key, const Value& value, DaemonSettings& its)
    {
        std::vector<std::string> texts;
        if (value.kind == Value::Kind::List)
        {
            for (const Value& item : value.items)
            {
                texts.push_back(ReadText(key, item));
            }
        }
        else
        {
            texts.push_back(ReadText(key, value));
        }
        member(its) = std::move(texts);
    };
    row.print = [member](const DaemonSettings& its)
    {
        return fmt::format("[{}]", fmt::join(member(its), ", "));
    };
    return row;
}

/// Hosts that a helper may retrieve from, as the core compares them (L13).
SettingKey
OriginsRow()
{
    const auto member = [](auto& s) -> auto&
    {
        return s.service.protocol.helperOrigins;
    };
    SettingKey row = ListRow("internet.helper_origins",
                             member,
                             "origins such as https://updates.example.org",
                             "what is retrieved for nodes without Internet access (R-CLI-12)");
    row.read =
        [inner = row.read, member](const SettingKey& key, const Value& value, DaemonSettings& its)
    {
        inner(key, value, its);
        for (std::string& text : member(its))
        {
            const auto origin = OriginOf(text);
            if (!origin)
            {
                throw ValueError(value.line,
                                 key.path,
                                 fmt::format("{} is no origin; expected {}",
                                             settings::Quote(text),
                                             key.allowed));
            }
            text = *origin;
        }
    };
    return row;
}

template <typename Enumerator>
SettingKey
WordRow(const char* path,
        std::vector<std::string> words,
        std::vector<std::string> later,
        const char* meaning,
        Enumerator set,
        std::function<std::string(const DaemonSettings&)> print)
{
    SettingKey row{path, settings::JoinWords(words), meaning, {}, std::move(print)};
    row.read = [words, later, set](const SettingKey& key, const Value& value, DaemonSettings& its)
    {
        set(its, words[ReadWord(ExpectationOf(key), value, words, later)]);
    };
    return row;
}

SettingKey
PolicyRow()
{
    return WordRow(
        "policy",
        {"fig4a", "fig4b", "robust"},
        {"coop"},
        "which rules: the patent's FIG. 4A or 4B to the letter, or ours (R-SIM-7)",
        [](DaemonSettings& its, const std::string& word) { its.policy = *PolicyFromName(word); },
        [](const DaemonSettings& its) { return std::string(ToString(its.policy)); });
}

SettingKey
LogRow()
{
    return WordRow(
        "log_level",
        {"debug", "info", "warning", "error"},
        {},
        "the least that goes to the log",
        [](DaemonSettings& its, const std::string& word) { its.logLevel = word; },
        [](const DaemonSettings& its) { return its.logLevel; });
}

SettingKey
NodeRow()
{
    SettingKey row{"node",
                   "1 to 40 of A-Z a-z 0-9 . _ -",
                   "the node's ID, for tests; else drawn at each start (L25)",
                   {},
                   {}};
    row.read = [](const SettingKey& key, const Value& value, DaemonSettings& its)
    {
        its.service.node = NodeId::Parse(ReadText(key, value));
        if (!its.service.node)
        {
            throw ValueError::Unexpected(ExpectationOf(key), value, "is no node ID");
        }
    };
    row.print = [](const DaemonSettings& its)
    {
        return its.service.node ? std::string(its.service.node->Text()) : "";
    };
    return row;
}

/// A row of one of the core's two tables of parameters.
///
/// \param set void(DaemonSettings&, std::uint64_t value)
/// \param get std::uint64_t(const DaemonSettings&)
template <typename Row, typename Set, typename Get>
SettingKey
ParameterRow(const char* group, const Row& parameter, Set set, Get get)
{
    const bool isFlag = parameter.unit == Unit::Flag;
    SettingKey row;
    row.path = fmt::format("{}.{}", group, parameter.key);
    row.allowed = isFlag ? "on or off" : fmt::format("{} to {}", parameter.min, parameter.max);
    row.meaning = parameter.meaning;
    row.read =
        [&parameter, isFlag, set](const SettingKey& key, const Value& value, DaemonSettings& its)
    {
        set(its,
            isFlag ? std::uint64_t{ReadFlag(ExpectationOf(key), value)}
                   : ReadCount(ExpectationOf(key), value, parameter.min, parameter.max));
    };
    row.print = [isFlag, get](const DaemonSettings& its)
    {
        const std::uint64_t value = get(its);
        return isFlag ? FlagText(value != 0) : fmt::format("{}", value);
    };
    return row;
}

template <typename Member>
SettingKey
SecondsRow(
    const char* path, Member member, std::uint64_t min, std::uint64_t max, const char* meaning)
{
    SettingKey row{path, fmt::format("{} to {}", min, max), meaning, {}, {}};
    row.read = [member, min, max](const SettingKey& key, const Value& value, DaemonSettings& its)
    {
        member(its) = std::chrono::seconds(ReadCount(ExpectationOf(key), value, min, max));
    };
    row.print = [member](const DaemonSettings& its)
    {
        return fmt::format("{}", member(its).count());
    };
    return row;
}

/// Bytes per second and window of a minimum rate (U1).
void
AddRateRows(std::vector<SettingKey>& rows)
{
    constexpr std::uint64_t kRateMax = 1'000'000'000;
    constexpr std::uint64_t kWindowMax = 3600;
    rows.push_back(CountRow(
        "peers.minimum_rate",
        [](auto& s) -> auto& { return s.service.retrieval.peerRate.bytesPerSecond; },
        0,
        kRateMax,
        "bytes per second below which a transfer from a peer is cut (U1)"));
    rows.push_back(SecondsRow(
        "peers.minimum_rate_window_s",
        [](auto& s) -> auto& { return s.service.retrieval.peerRate.window; },
        1,
        kWindowMax,
        "for how long it must have been below it"));
    rows.push_back(CountRow(
        "internet.minimum_rate",
        [](auto& s) -> auto& { return s.service.retrieval.internetRate.bytesPerSecond; },
        0,
        kRateMax,
        "the same of one from the Internet"));
    rows.push_back(SecondsRow(
        "internet.minimum_rate_window_s",
        [](auto& s) -> auto& { return s.service.retrieval.internetRate.window; },
        1,
        kWindowMax,
        "the same of one from the Internet"));
}

/// The update service's (R-UPD-1 to R-UPD-8).
void
AddUpdateRows(std::vector<SettingKey>& rows)
{
    rows.push_back(TextRow(
        "update.catalog_url",
        [](auto& s) -> auto& { return s.updates.config.catalogUrl; },
        "a URL such as http://updates.example.org/myupdate.cab",
        "where the publisher's catalog is; empty: no updates"));
    rows.push_back(TextRow(
        "update.root_file",
        [](auto& s) -> auto& { return s.updates.rootFile; },
        "a PEM file",
        "the publisher's root certificates, by whom alone updates and signed packages are "
        "believed"));
    rows.push_back(TextRow(
        "update.install_dir",
        [](auto& s) -> auto& { return s.updates.installFolder; },
        "a folder",
        "where updates are installed, SET/current/PRODUCT; empty: beside the state folder, "
        "/var/lib/lanpeer-updates"));
    rows.push_back(ListRow(
        "update.products",
        [](auto& s) -> auto& { return s.updates.config.products; },
        "names of products",
        "which to install; empty: all that the catalog lists"));
    rows.push_back(FlagRow(
        "update.allow_weak_keys",
        [](auto& s) -> auto& { return s.updates.allowWeakKeys; },
        "believe RSA keys of 1024 to 2047 bits too, as were usual in 2001 [0064]"));
    rows.push_back(ListRow(
        "update.after_install",
        [](auto& s) -> auto& { return s.updates.afterInstall; },
        "a command and its arguments",
        "run after each set that was installed, as the service's user; again if a crash cut it "
        "off"));
    rows.push_back(CountRow(
        "update.after_install_s",
        [](auto& s) -> auto& { return s.updates.afterInstallS; },
        1,
        24 * 3600,
        "for how long it may run"));
    for (const UpdateParameter& parameter : UpdateParameterTable())
    {
        rows.push_back(ParameterRow(
            "update",
            parameter,
            [&parameter](DaemonSettings& its, std::uint64_t value)
            { SetParameter(its.updates.config, parameter, value); },
            [&parameter](const DaemonSettings& its)
            { return GetParameter(its.updates.config, parameter); }));
    }
}

std::vector<SettingKey>
MakeTable()
{
    std::vector<SettingKey> rows;
    rows.push_back(PolicyRow());
    rows.push_back(ListRow(
        "interfaces",
        [](auto& s) -> auto& { return s.service.interfaces.only; },
        "names of network interfaces",
        "which to peer on; empty: all that can broadcast and are up"));
    rows.push_back(ListRow(
        "ignore_interfaces",
        [](auto& s) -> auto& { return s.service.interfaces.ignored; },
        "names of network interfaces",
        "which not to peer on"));
    rows.push_back(FlagRow(
        "loopback",
        [](auto& s) -> auto& { return s.service.interfaces.loopback; },
        "peer on the loopback interface too"));
    rows.push_back(TextRow(
        "state_dir",
        [](auto& s) -> auto& { return s.service.stateFolder; },
        "a folder",
        "copies, their index and counters"));
    rows.push_back(TextRow(
        "socket",
        [](auto& s) -> auto& { return s.socket; },
        "a path",
        "where applications find the service"));
    rows.push_back(LogRow());
    rows.push_back(NodeRow());
    rows.push_back(TextRow(
        "tape",
        [](auto& s) -> auto& { return s.service.tapeFile; },
        "a file",
        "what the node is told and does, line by line"));
    rows.push_back(CountRow(
        "store.bytes",
        [](auto& s) -> auto& { return s.service.store.bytes; },
        1,
        kBytesMax,
        "of all copies together (R-HTTP-4)"));
    rows.push_back(CountRow(
        "store.age_s",
        [](auto& s) -> auto& { return s.service.store.ageS; },
        0,
        std::uint64_t{1} << 32,
        "how old a copy may become; 0: as old as it likes"));
    rows.push_back(CountRow(
        "store.free_disk_bytes",
        [](auto& s) -> auto& { return s.service.store.freeDiskBytes; },
        0,
        kBytesMax,
        "what stays free on the file system"));
    rows.push_back(CountRow(
        "resource_bytes_max",
        [](auto& s) -> auto& { return s.service.resourceBytesMax; },
        1,
        kBytesMax,
        "of one resource; what is larger is not fetched to its end (T2)"));
    rows.push_back(CountRow(
        "judge_s",
        [](auto& s) -> auto& { return s.service.judgeS; },
        1,
        3600,
        "how long an application may look at a body before that counts as a no"));
    rows.push_back(CountRow(
        "upload_bytes_per_s",
        [](auto& s) -> auto& { return s.service.uploadBytesPerS; },
        0,
        kBytesMax,
        "what all uploads together may take; 0: no limit (R-HTTP-3)"));
    rows.push_back(FlagRow(
        "internet.access",
        [](auto& s) -> auto& { return s.service.protocol.internetAccess; },
        "whether this node has Internet access (FIG. 1)"));
    rows.push_back(OriginsRow());
    rows.push_back(TextRow(
        "internet.ca_file",
        [](auto& s) -> auto& { return s.service.retrieval.caFile; },
        "a PEM file",
        "the only authorities that https trusts; empty: the system's"));
    AddRateRows(rows);
    for (const Parameter& parameter : ParameterTable())
    {
        // Set once the policy is known.
        rows.push_back(ParameterRow(
            "protocol",
            parameter,
            [&parameter](DaemonSettings& its, std::uint64_t value)
            { its.protocol[std::string(parameter.key)] = value; },
            [&parameter](const DaemonSettings& its)
            { return GetParameter(its.service.protocol, parameter); }));
    }
    AddUpdateRows(rows);
    return rows;
}

} // namespace

const std::vector<SettingKey>&
SettingTable()
{
    static const std::vector<SettingKey> table = MakeTable();
    return table;
}

} // namespace lanpeer::reference
