#include "reference/lanpeer/publishing.h"

#include "model/protocol/update/version-name.h"
#include "model/settings/text.h"
#include "reference/files/file-descriptor.h"
#include "reference/lanpeer/commands.h"
#include "reference/lanpeer/result-file.h"
#include "reference/packages/certificate-chain.h"
#include "reference/packages/package-error.h"
#include "reference/packages/package.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <fcntl.h>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace lanpeer::command
{

std::uint64_t
NumberOf(std::string_view option, const std::string& text, std::uint64_t least, std::uint64_t most)
{
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end || number < least || number > most)
    {
        throw WrongUse(fmt::format(
            "{}: {} is no number from {} to {}", option, settings::Quote(text), least, most));
    }
    return number;
}

std::string
ReadFile(const std::string& name, std::uint64_t mostBytes)
{
    const auto fail = [&name]
    {
        throw std::runtime_error(
            fmt::format("{}: {}", name, std::generic_category().message(errno)));
    };
    const reference::FileDescriptor file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.IsOpen())
    {
        fail();
    }
    std::string bytes;
    std::vector<char> piece(64 * 1024);
    while (const ssize_t got = ::read(file.Get(), piece.data(), piece.size()))
    {
        if (got < 0 && errno != EINTR)
        {
            fail();
        }
        bytes.append(piece.data(), got < 0 ? 0 : static_cast<std::size_t>(got));
        if (bytes.size() > mostBytes)
        {
            throw WrongUse(fmt::format("{}: longer than {} bytes", name, mostBytes));
        }
    }
    return bytes;
}

reference::SigningKey
ReadSigningKey(const std::string& certificate, const std::string& key)
{
    const std::string certificatePem = ReadFile(certificate, kMostPemBytes);
    const std::string keyPem = ReadFile(key, kMostPemBytes);
    try
    {
        reference::SigningKey signing(certificatePem, keyPem);
        const auto& all = signing.Certificates();
        if (!std::all_of(std::next(all.begin()), all.end(), reference::IsRoot))
        {
            throw WrongUse(fmt::format("--cert {}: with one in between: the root itself has to "
                                       "issue the first certificate",
                                       certificate));
        }
        return signing;
    }
    catch (const reference::PackageError& error)
    {
        throw WrongUse(fmt::format("--cert {}, --key {}: {}", certificate, key, error.what()));
    }
}

std::int64_t
NowS()
{
    return static_cast<std::int64_t>(std::time(nullptr));
}

void
RequireOfThisTime(const std::string& file, std::string_view version)
{
    constexpr std::int64_t kDayS = 24 * 60 * 60;
    const std::uint64_t timeS = VersionTimeS(version).value_or(0);
    if (timeS > static_cast<std::uint64_t>(NowS() + kDayS))
    {
        throw std::runtime_error(
            fmt::format("{}: its version {} lies more than a day ahead of this computer's clock",
                        file,
                        version));
    }
}

std::string
BaseName(const std::string& path)
{
    return path.substr(path.rfind('/') + 1); // of none: the whole
}

void
Publish(std::string_view bytes,
        const std::string& output,
        const nlohmann::ordered_json& described,
        bool json)
{
    const std::string sha256 = reference::Sha256Of(reference::MemorySource(bytes));
    SaveBytes(bytes, output);
    if (json)
    {
        nlohmann::ordered_json all{{"file", output}, {"size", bytes.size()}, {"sha256", sha256}};
        all.update(described);
        // A path may be of any bytes.
        fmt::print("{}\n", all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
        return;
    }
    fmt::print("{}: {} bytes, SHA-256 {}\n", settings::WholeLine(output), bytes.size(), sha256);
}

} // namespace lanpeer::command
