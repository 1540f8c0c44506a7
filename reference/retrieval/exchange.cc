#include "reference/retrieval/exchange.h"

#include "reference/retrieval/message-line.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace lanpeer::reference
{

namespace
{

constexpr unsigned kMaxRedirects = 5;

/// curl's default of 16 KiB costs a system call and a write each.
constexpr long kBufferBytes = 262'144;

/// Of a message, so that what follows the URL still fits.
constexpr std::size_t kMaxUrlInMessage = 300;

/// Sets options of a handle; remembers whether all were taken.
class Options
{
  public:
    explicit Options(CURL* easy)
        : m_easy(easy)
    {
    }

    template <typename Value>
    void Set(CURLoption option, Value value)
    {
        // The function and not the macro around it, which wants to know the option beforehand.
        m_good = (curl_easy_setopt)(m_easy, option, value) == CURLE_OK && m_good;
    }

    void Set(CURLoption option, const std::string& text)
    {
        Set(option, text.c_str());
    }

    bool AllTaken() const
    {
        return m_good;
    }

  private:
    CURL* m_easy;
    bool m_good = true;
};

bool
IsRedirect(long status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool
IsInternetUnreachable(long systemError)
{
    return systemError == ENETUNREACH || systemError == EHOSTUNREACH || systemError == ENETDOWN ||
           systemError == EHOSTDOWN;
}

/// As curl reads its variables: an empty one is none.
std::string
FromEnvironment(const char* name)
{
    const char* text = std::getenv(name);
    return text == nullptr ? "" : text;
}

/// The port of the proxy that curl takes from the environment for a scheme, by curl's rules: 1080,
/// or 443 of an https proxy, if it names none. Whether no_proxy exempts the host is curl's to say.
std::optional<std::uint16_t>
ProxyPort(const std::string& scheme)
{
    // HTTP_PROXY is not asked: a CGI program has it from the request's "Proxy" field.
    const std::vector<const char*> names =
        scheme == "http"
            ? std::vector<const char*>{"http_proxy", "all_proxy", "ALL_PROXY"}
            : std::vector<const char*>{"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    for (const char* name : names)
    {
        const std::string proxy = FromEnvironment(name);
        if (!proxy.empty())
        {
            return PortOfProxy(proxy);
        }
    }
    return std::nullopt;
}

std::uint16_t
PortOf(const sockaddr& address)
{
    // At the same place in both families.
    static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
    if (address.sa_family != AF_INET && address.sa_family != AF_INET6)
    {
        return 0;
    }
    sockaddr_in in = {};
    std::memcpy(&in, &address, sizeof in);
    return ntohs(in.sin_port);
}

} // namespace

std::string_view
ToString(FetchEnd end)
{
    switch (end)
    {
    case FetchEnd::Whole:
        return "whole";
    case FetchEnd::Unavailable:
        return "unavailable";
    case FetchEnd::NotFound:
        return "not found";
    case FetchEnd::NoRoute:
        return "no route";
    case FetchEnd::Broken:
        return "broken";
    case FetchEnd::StoreFailed:
        return "store failed";
    }
    return "?";
}

Exchange::Exchange(CURLM* multi,
                   const RetrieverSettings& settings,
                   FetchOrder order,
                   std::shared_ptr<const FileDescriptor> file)
    : m_multi(multi)
    , m_settings(settings)
    , m_order(std::move(order))
    , m_file(std::move(file))
    , m_easy(curl_easy_init())
    , m_reader(MakeReader())
    , m_received(m_order.offset)
{
}

Exchange::~Exchange()
{
    if (m_added)
    {
        curl_multi_remove_handle(m_multi, m_easy.get());
    }
}

HeadReader
Exchange::MakeReader() const
{
    return HeadReader(
        HeadRules{m_order.fromPeer, m_order.offset, m_order.ifRangeTag, m_order.maxBytes});
}

std::optional<FetchResult>
Exchange::Start()
{
    m_target = Target::Parse(m_order.url);
    if (!m_target)
    {
        return Result(FetchEnd::Broken, "no http or https URL");
    }
    m_granted = ClassOfHost(m_target->origin.host);
    if (const auto why = Judge(*m_target))
    {
        return Result(FetchEnd::Broken, *why);
    }
    if (!m_order.ifRangeTag.empty() && !IsTagText(m_order.ifRangeTag))
    {
        return Result(FetchEnd::Broken, "the tag to resume by is none");
    }
    try
    {
        if (m_order.offset == 0)
        {
            m_file->Truncate(0);
        }
        else if (m_file->Size() < m_order.offset)
        {
            return Result(FetchEnd::StoreFailed, "the file ends before the place to resume at");
        }
    }
    catch (const std::exception& error)
    {
        return Result(FetchEnd::StoreFailed, error.what());
    }
    return StartHop();
}

std::optional<std::string>
Exchange::Judge(const Target& target) const
{
    if (m_order.fromPeer)
    {
        const bool plain = target.origin.scheme == "http" && !target.hasUserInfo &&
                           IsIpv4Literal(target.origin.host);
        return plain ? std::nullopt
                     : std::optional<std::string>("a peer is asked by http and IPv4 address only");
    }
    const auto named = ClassOfHost(target.origin.host);
    if (named && *named != AddressClass::Elsewhere && named != m_granted)
    {
        return fmt::format("refused to go on to a {} address", ToString(*named));
    }
    const auto isTarget = [&target](const std::string& text)
    {
        const auto allowed = Target::Parse(text);
        return allowed && allowed->origin == target.origin;
    };
    const auto& allowed = m_order.allowedOrigins;
    if (!allowed.empty() && std::none_of(allowed.begin(), allowed.end(), isTarget))
    {
        return "not one of the allowed origins";
    }
    return std::nullopt;
}

std::optional<FetchResult>
Exchange::StartHop()
{
    m_reader = MakeReader();
    m_curlText.fill('\0');
    m_proxyPort.reset();
    m_toProxy = false;
    m_addressRefused.clear();
    if (!m_easy || !SetUp() || curl_multi_add_handle(m_multi, m_easy.get()) != CURLM_OK)
    {
        return Result(FetchEnd::Broken, "curl cannot do it");
    }
    m_added = true;
    return std::nullopt;
}

bool
Exchange::SetUp()
{
    curl_easy_reset(m_easy.get());
    Options options(m_easy.get());
    options.Set(CURLOPT_URL, m_target->url);
    options.Set(CURLOPT_PRIVATE, static_cast<void*>(this));
    options.Set(CURLOPT_ERRORBUFFER, m_curlText.data());
    options.Set(CURLOPT_USERAGENT, m_settings.userAgent);
    options.Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    options.Set(CURLOPT_HTTP09_ALLOWED, 0L);
    options.Set(CURLOPT_FOLLOWLOCATION, 0L);
    options.Set(CURLOPT_HTTP_CONTENT_DECODING, 0L);
    options.Set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    options.Set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    options.Set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    options.Set(CURLOPT_BUFFERSIZE, kBufferBytes);
    // A connection of its own for each: none that was opened under another order's permission, and
    // none whose leftovers could be taken for an answer.
    options.Set(CURLOPT_FRESH_CONNECT, 1L);
    options.Set(CURLOPT_FORBID_REUSE, 1L);
    // No signals, and no waiting for a resolver that hangs when all is to stop.
    options.Set(CURLOPT_NOSIGNAL, 1L);
    options.Set(CURLOPT_QUICK_EXIT, 1L);

    options.Set(CURLOPT_HEADERFUNCTION, &Exchange::OnHeader);
    options.Set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    options.Set(CURLOPT_WRITEFUNCTION, &Exchange::OnBody);
    options.Set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    options.Set(CURLOPT_OPENSOCKETFUNCTION, &Exchange::OnSocket);
    options.Set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));

    m_fields.reset();
    const auto add = [this](const std::string& field)
    {
        curl_slist* longer = curl_slist_append(m_fields.get(), field.c_str());
        if (longer != nullptr)
        {
            static_cast<void>(m_fields.release());
            m_fields.reset(longer);
        }
        return longer != nullptr;
    };
    bool added = add("Accept-Encoding: identity") && add("Connection: close");
    if (m_order.offset > 0)
    {
        options.Set(CURLOPT_RANGE, fmt::format("{}-", m_order.offset));
        if (!m_order.ifRangeTag.empty())
        {
            added = added && add(fmt::format("If-Range: \"{}\"", m_order.ifRangeTag));
        }
    }
    options.Set(CURLOPT_HTTPHEADER, m_fields.get());
    options.Set(CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
    return SetUpSource() && added && options.AllTaken();
}

bool
Exchange::SetUpSource()
{
    Options options(m_easy.get());
    const bool fromPeer = m_order.fromPeer;
    const auto connectTimeout =
        fromPeer ? m_settings.peerConnectTimeout : m_settings.internetConnectTimeout;
    const MinimumRate& rate = fromPeer ? m_settings.peerRate : m_settings.internetRate;
    options.Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connectTimeout.count()));
    options.Set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(rate.bytesPerSecond));
    options.Set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(rate.window.count()));
    if (fromPeer)
    {
        options.Set(CURLOPT_PROTOCOLS_STR, "http");
        options.Set(CURLOPT_PROXY, ""); // not even from the environment
        return options.AllTaken();
    }
    options.Set(CURLOPT_PROTOCOLS_STR, "http,https");
    options.Set(CURLOPT_SSL_VERIFYPEER, 1L);
    options.Set(CURLOPT_SSL_VERIFYHOST, 2L);
    options.Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!m_settings.caFile.empty())
    {
        options.Set(CURLOPT_CAINFO, m_settings.caFile);
        options.Set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    if (m_target->hasUserInfo)
    {
        options.Set(CURLOPT_USERNAME, m_target->user);
        options.Set(CURLOPT_PASSWORD, m_target->password);
    }
    m_proxyPort = ProxyPort(m_target->origin.scheme);
    m_resolve.reset();
    for (const std::string& entry : m_settings.resolve)
    {
        curl_slist* longer = curl_slist_append(m_resolve.get(), entry.c_str());
        if (longer == nullptr)
        {
            return false;
        }
        static_cast<void>(m_resolve.release());
        m_resolve.reset(longer);
    }
    if (m_resolve)
    {
        options.Set(CURLOPT_RESOLVE, m_resolve.get());
    }
    return options.AllTaken();
}

std::size_t
Exchange::OnHeader(char* bytes, std::size_t size, std::size_t count, void* self) noexcept
{
    const std::string_view line(bytes, size * count);
    return static_cast<Exchange*>(self)->TakeHeader(line) ? line.size() : 0;
}

std::size_t
Exchange::OnBody(char* bytes, std::size_t size, std::size_t count, void* self) noexcept
{
    const std::string_view body(bytes, size * count);
    return static_cast<Exchange*>(self)->TakeBody(body) ? body.size() : 0;
}

curl_socket_t
Exchange::OnSocket(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept
{
    if (purpose != CURLSOCKTYPE_IPCXN || !static_cast<Exchange*>(self)->MayConnect(address->addr))
    {
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

bool
Exchange::MayConnect(const sockaddr& address)
{
    // A proxy may stand where it likes; the administrator named it. An address with its port that
    // is not the proxy can only belong to a name that the administrator exempted by no_proxy.
    m_toProxy = m_proxyPort == PortOf(address);
    const AddressClass leadsTo = ClassOf(address);
    if (m_order.fromPeer || m_toProxy || leadsTo == AddressClass::Elsewhere || leadsTo == m_granted)
    {
        return true;
    }
    m_addressRefused = fmt::format("refused to connect to a {} address", ToString(leadsTo));
    return false;
}

bool
Exchange::TakeHeader(std::string_view line)
{
    const bool before = m_reader.IsComplete();
    switch (m_reader.TakeLine(line))
    {
    case HeadReader::Step::More:
        return true;
    case HeadReader::Step::Complete:
        return before || HeadComplete(); // else trailers
    case HeadReader::Step::Refused:
        break;
    }
    return false;
}

/// \returns whether a body is to be taken: of everything but 200 and 206 the head says all
bool
Exchange::HeadComplete()
{
    const ResponseHead& head = m_reader.Head();
    if (head.status != 200 && head.status != 206)
    {
        return false;
    }
    try
    {
        m_file->Truncate(head.firstByte);
    }
    catch (const std::exception& error)
    {
        m_storeError = error.what();
        return false;
    }
    m_accepted = true;
    m_received = head.firstByte;
    m_news = true;
    return true;
}

bool
Exchange::TakeBody(std::string_view bytes)
{
    if (!m_accepted)
    {
        return false;
    }
    const auto& length = m_reader.Head().contentLength;
    m_tooLong = length ? bytes.size() > *length - m_bodyBytes
                       : bytes.size() > m_order.maxBytes - m_received;
    if (m_tooLong)
    {
        return false;
    }
    try
    {
        m_file->WriteAt(m_received, bytes);
    }
    catch (const std::exception& error)
    {
        m_storeError = error.what();
        return false;
    }
    m_received += bytes.size();
    m_bodyBytes += bytes.size();
    m_news = true;
    return true;
}

std::optional<Exchange::Clock::time_point>
Exchange::ProgressDue() const
{
    return m_news ? std::optional<Clock::time_point>(m_nextReport) : std::nullopt;
}

void
Exchange::ProgressTold()
{
    m_news = false;
    m_nextReport = Clock::now() + m_settings.progressInterval;
}

std::optional<FetchResult>
Exchange::HopDone(CURLcode code)
{
    if (!m_storeError.empty())
    {
        return Result(FetchEnd::StoreFailed, m_storeError);
    }
    if (!m_reader.Refusal().empty())
    {
        return Result(FetchEnd::Broken, m_reader.Refusal());
    }
    if (m_tooLong)
    {
        return Result(FetchEnd::Broken, "more bytes than may come");
    }
    if (!m_reader.IsComplete())
    {
        return NotAnswered(code);
    }
    return IsRedirect(m_reader.Head().status) && !m_order.fromPeer
               ? Redirected()
               : std::optional<FetchResult>(Answered(code));
}

std::optional<FetchResult>
Exchange::Redirected()
{
    const ResponseHead& head = m_reader.Head();
    const auto next = head.location ? m_target->Resolve(*head.location) : std::nullopt;
    if (!next)
    {
        return Result(FetchEnd::Broken, "a redirect to no http or https URL");
    }
    const std::string to = next->url.substr(0, kMaxUrlInMessage / 2);
    if (m_redirects == kMaxRedirects)
    {
        return Result(FetchEnd::Broken, fmt::format("more than {} redirects", kMaxRedirects));
    }
    if (m_target->origin.scheme == "https" && next->origin.scheme == "http")
    {
        return Result(FetchEnd::Broken, "redirected from https to http, to " + to);
    }
    if (const auto why = Judge(*next))
    {
        return Result(FetchEnd::Broken, fmt::format("redirected to {}: {}", to, *why));
    }
    ++m_redirects;
    curl_multi_remove_handle(m_multi, m_easy.get());
    m_added = false;
    m_target = next;
    return StartHop();
}

FetchResult
Exchange::Answered(CURLcode code)
{
    const ResponseHead& head = m_reader.Head();
    if (head.status == 503)
    {
        const std::string later =
            head.retryAfterSeconds ? fmt::format(", again in {} s", *head.retryAfterSeconds) : "";
        return Result(FetchEnd::Unavailable, "answered 503" + later);
    }
    const std::string answered = fmt::format("answered {}", head.status);
    if (head.status == 404 || head.status == 410)
    {
        return Result(FetchEnd::NotFound, answered);
    }
    if (head.status == 407 && !m_order.fromPeer)
    {
        return Result(FetchEnd::NoRoute, "the proxy wants credentials (407)");
    }
    if (!m_accepted)
    {
        return Result(FetchEnd::Broken, answered);
    }
    if (code != CURLE_OK)
    {
        return Result(FetchEnd::Broken, CurlText(code));
    }
    if (head.contentLength.value_or(m_bodyBytes) != m_bodyBytes)
    {
        return Result(FetchEnd::Broken, "the content ended early");
    }
    if (head.totalBytes.value_or(m_received) != m_received)
    {
        return Result(FetchEnd::Broken, "answered 206 with a part that ends before the end");
    }
    FetchResult result = Result(FetchEnd::Whole, answered);
    result.size = m_received;
    return result;
}

/// Which failures mean that nothing at all could be reached that way, and which that this server
/// could not: from the former a node learns that it has no access to the Internet (R-CLI-12).
FetchResult
Exchange::NotAnswered(CURLcode code)
{
    if (!m_addressRefused.empty())
    {
        return Result(FetchEnd::Broken, m_addressRefused);
    }
    long systemError = 0;
    long proxyStatus = 0;
    curl_off_t connectedAfter = 0;
    curl_easy_getinfo(m_easy.get(), CURLINFO_OS_ERRNO, &systemError);
    curl_easy_getinfo(m_easy.get(), CURLINFO_HTTP_CONNECTCODE, &proxyStatus);
    curl_easy_getinfo(m_easy.get(), CURLINFO_CONNECT_TIME_T, &connectedAfter);
    const bool connectFailed = code == CURLE_COULDNT_CONNECT;
    bool noRoute = connectFailed && IsInternetUnreachable(systemError);
    if (!m_order.fromPeer)
    {
        noRoute = noRoute || code == CURLE_COULDNT_RESOLVE_HOST ||
                  code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_PROXY ||
                  (connectFailed && m_toProxy) || proxyStatus == 407 ||
                  (code == CURLE_OPERATION_TIMEDOUT && connectedAfter == 0);
    }
    const bool closed = code == CURLE_OK; // for curl, a head that never ended
    return Result(noRoute ? FetchEnd::NoRoute : FetchEnd::Broken,
                  closed ? "closed before the head was whole" : CurlText(code));
}

std::string
Exchange::CurlText(CURLcode code) const
{
    return m_curlText[0] != '\0' ? m_curlText.data() : curl_easy_strerror(code);
}

FetchResult
Exchange::Result(FetchEnd end, std::string_view why) const
{
    const ResponseHead& head = m_reader.Head();
    FetchResult result;
    result.end = end;
    result.received = m_received;
    result.bodyBytes = m_bodyBytes;
    result.size = head.totalBytes;
    result.tag = m_accepted ? head.tag.value_or("") : m_order.ifRangeTag;
    if (end == FetchEnd::Unavailable)
    {
        result.retryAfterSeconds = head.retryAfterSeconds;
    }
    result.httpStatus = head.status;
    // Without a target there is no telling where its user-info ends.
    const std::string url =
        m_target ? PrintableLine(m_target->url, kMaxUrlInMessage) : "(not to be read)";
    result.message = fmt::format("GET {}: ", url);
    result.message += PrintableLine(why, kMaxMessageBytes - result.message.size());
    return result;
}

} // namespace lanpeer::reference
