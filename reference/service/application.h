#pragma once

#include "model/protocol/reason.h"
#include "model/protocol/types.h"
#include "reference/files/digest.h"
#include "reference/files/file-descriptor.h"

#include <boost/asio/ip/address_v4.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace lanpeer::reference
{

/// No verifier: from the Internet only, no packet, never offered (R-HTTP-2, L26).
struct NoVerifier
{
};

/// The resource has this SHA-256.
struct DigestVerifier
{
    Digest digest{};
};

/// The application looks at the body itself (Application::judge).
struct CallbackVerifier
{
};

/// The resource is a signed package of the name that its URL ends with: PackageJudge says so
/// (R-UPD-4).
struct SignedVerifier
{
};

using Verifier = std::variant<NoVerifier, DigestVerifier, CallbackVerifier, SignedVerifier>;

/// A whole body, as applications and servers get it: a file to read from, at its place or already
/// without a name.
struct Body
{
    std::shared_ptr<const FileDescriptor> file;
    std::uint64_t size = 0;
    Digest digest{};
    Source source = Source::Local; ///< whence it came
};

/// Looks at what is to be a signed package and answers, at once or later: with why it is none, in
/// one line, or with nothing. Given to the service, which knows of no signatures.
using PackageJudge = std::function<void(const std::string& url,
                                        const Body& body,
                                        std::function<void(const std::string& refused)> answer)>;

/// How far a request is (R-CLI-6).
struct ProgressReport
{
    bool own = true; ///< false: of another node's download that this one waits for
    std::uint64_t received = 0;
    std::optional<std::uint64_t> size;
};

/// How a request ended well.
struct FoundReport
{
    Source source = Source::Local;
    std::optional<boost::asio::ip::address_v4> peer; ///< with Source::Peer
    Body body;
};

/// Who asked: told of one request, on the protocol thread. Exactly one of `found` and `failed` is
/// called, once, and nothing after it; nothing after PeeringService::Cancel().
struct Application
{
    std::function<void(const ProgressReport&)> progress;
    /// With a CallbackVerifier: look at it and answer, at once or later. An answer that comes after
    /// the request has ended changes nothing.
    std::function<void(const Body&, std::function<void(bool accepted)> answer)> judge;
    std::function<void(const FoundReport&)> found;
    /// \p detail one line, may be empty
    std::function<void(Reason, const std::string& detail)> failed;
};

/// What an application asks for (R-API-1).
struct ResourceRequest
{
    std::string url;
    Verifier verifier;
    bool mayWait = true;
    bool mayUseInternet = true;
    bool cacheable = true;
    bool allowQuery = false; ///< a query may be put into a packet (L26)
    /// No more is fetched of it, where nobody else asks for it with another number (T2).
    std::optional<std::uint64_t> maxBytes;
};

} // namespace lanpeer::reference
