#pragma once

#include "reference/files/file-descriptor.h"
#include "reference/retrieval/fetch.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace lanpeer::reference
{

enum class FetchId : std::uint64_t
{
};

/// Retrieves by HTTP/1.1 from peers and from the Internet into files, on a thread of its own: the
/// protocol thread neither waits for a network nor for a disk (R-HTTP-2, U1).
///
/// All functions are the protocol thread's; so are all call-backs, by way of \p post. A call-back
/// may start, stop and destroy what it likes, this object included. Nothing here throws for what
/// the network or a disk does: that comes as a FetchResult.
///
/// From peers: no redirects, proxies, cookies or credentials; every answer says its length (T2,
/// L15). From the Internet: up to 5 redirects, never from https to http, nor to this machine or its
/// links (L13), be it by address or by a name, unless the order's own URL names such an address or
/// localhost; proxies by curl's own rules (http_proxy, https_proxy, all_proxy, no_proxy). What a
/// proxy resolves for us is the proxy's to judge. A content of unannounced length is taken up to
/// the order's maxBytes; that it is whole is then only the server's closing of the connection. No
/// exchange takes more bytes than were announced: what a server sends beyond is left unread.
class Retriever
{
  public:
    /// Runs the function on the protocol thread, soon and in order; called from the other thread.
    using Post = std::function<void(std::function<void()>)>;
    /// Bytes of the whole body that came, what came before a resume included, and its size if
    /// known.
    using Progress = std::function<void(std::uint64_t received, std::optional<std::uint64_t> size)>;
    using Over = std::function<void(const FetchResult&)>;

    /// Starts the thread. Throws std::runtime_error if curl cannot be had, std::system_error if the
    /// thread cannot.
    Retriever(const RetrieverSettings& settings, Post post);

    /// Stops everything at once; afterwards no file is written and nothing told.
    ~Retriever();

    Retriever(const Retriever&) = delete;
    Retriever& operator=(const Retriever&) = delete;

    /// \param file open for writing; kept until the fetch is over or stopped. It is emptied by an
    ///        order with offset 0 and by an answer that starts over; an answer that resumes cuts
    ///        off what it holds beyond the offset.
    /// \param progress may be empty
    /// \param over not empty; told exactly once unless Stop() came before, and when the file is let
    ///        go already
    FetchId Start(const FetchOrder& order,
                  std::shared_ptr<const FileDescriptor> file,
                  Progress progress,
                  Over over);

    /// From here on the fetch tells nothing more, not even what is already on its way. Of a fetch
    /// that is over or unknown: no harm.
    /// \param stopped if any, told when the file is let go and no byte more will be written to it
    void Stop(FetchId id, std::function<void()> stopped = nullptr);

  private:
    struct Inside;

    std::unique_ptr<Inside> m_inside;
};

} // namespace lanpeer::reference
