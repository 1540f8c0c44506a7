#include "model/protocol/packet-codec.h"

#include "model/protocol/base64url.h"
#include "model/protocol/limits.h"
#include "model/protocol/packet-format.h"
#include "model/protocol/uri.h"
#include "model/protocol/xml-text.h"

#include <pugixml.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace lanpeer
{

namespace
{

/// "1." and digits: what changes within 1.x may be ignored by older nodes.
bool
IsVersion(std::string_view text)
{
    return text.size() >= 3 && text.substr(0, 2) == "1." &&
           text.find_first_not_of("0123456789", 2) == std::string_view::npos;
}

/// Decimal digits only, at most \p max; 20 digits are as many as 64 bits may need.
std::optional<std::uint64_t>
ParseNumber(std::string_view text, std::uint64_t max)
{
    if (text.empty() || text.size() > 20)
    {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    for (const char c : text)
    {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (c < '0' || c > '9' || digit > max || value > (max - digit) / 10)
        {
            return std::nullopt;
        }
        value = value * 10 + digit;
    }
    return value;
}

std::optional<Location>
ParseLocation(std::string_view text, std::string_view sourceHost)
{
    if (text.substr(0, format::kLocationScheme.size()) != format::kLocationScheme)
    {
        return std::nullopt;
    }
    text.remove_prefix(format::kLocationScheme.size());
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos)
    {
        return std::nullopt;
    }
    const std::string_view authority = text.substr(0, slash);
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    const std::string_view host = authority.substr(0, colon);
    const std::string_view path = text.substr(slash + 1);
    const auto port = colon == authority.size()
                          ? std::optional<std::uint64_t>(format::kHttpDefaultPort)
                          : ParseNumber(authority.substr(colon + 1), 65535);
    if (!IsIpv4Address(host) || !port || *port == 0 || !format::IsLocationPath(path))
    {
        return std::nullopt;
    }
    return Location{std::string(path), static_cast<std::uint16_t>(*port), host == sourceHost};
}

/// Is "http" among the protocols of a list?
bool
NamesHttp(std::string_view list)
{
    constexpr std::string_view kSeparators = " ,;";
    while (!list.empty())
    {
        const std::size_t end = std::min(list.find_first_of(kSeparators), list.size());
        if (list.substr(0, end) == "http")
        {
            return true;
        }
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

/// The attributes of the one element, each taken at most once.
class Attributes
{
  public:
    /// Reads them, the views being into the parsed document. \returns what is wrong with them.
    std::optional<Reason> Read(pugi::xml_node element)
    {
        for (const pugi::xml_attribute& attribute : element.attributes())
        {
            if (m_count == m_all.size())
            {
                return Reason::TooManyAttributes;
            }
            m_all[m_count++] = {attribute.name(), attribute.value(), false};
        }
        for (std::size_t i = 0; i < m_count; ++i)
        {
            if (!IsXmlName(m_all[i].name))
            {
                return Reason::NotXml;
            }
            for (std::size_t k = 0; k < i; ++k)
            {
                if (m_all[k].name == m_all[i].name)
                {
                    return Reason::DuplicateAttribute;
                }
            }
        }
        return std::nullopt;
    }

    std::optional<std::string_view> Take(std::string_view name)
    {
        for (std::size_t i = 0; i < m_count; ++i)
        {
            if (m_all[i].name == name)
            {
                m_all[i].taken = true;
                return m_all[i].value;
            }
        }
        return std::nullopt;
    }

    /// Those that nobody took, in their order.
    std::vector<std::pair<std::string, std::string>> Rest() const
    {
        std::vector<std::pair<std::string, std::string>> rest;
        for (std::size_t i = 0; i < m_count; ++i)
        {
            if (!m_all[i].taken)
            {
                rest.emplace_back(m_all[i].name, m_all[i].value);
            }
        }
        return rest;
    }

  private:
    struct Attribute
    {
        std::string_view name;
        std::string_view value;
        bool taken = false;
    };

    std::array<Attribute, limits::kPacketAttributes> m_all;
    std::size_t m_count = 0;
};

/// Turns attributes into a packet. The first thing that is wrong stands; what follows it is read in
/// vain, which keeps the functions free of returns.
class PacketReader
{
  public:
    PacketReader(Attributes& attributes, std::string_view sourceHost, DigestFunction digest)
        : m_attributes(attributes)
        , m_sourceHost(sourceHost)
        , m_digest(digest)
    {
    }

    std::variant<ServicePacket, Reason> Read()
    {
        ReadKind();
        if (!m_reason)
        {
            ReadMembers();
        }
        if (m_reason)
        {
            return *m_reason;
        }
        m_packet.attributes = m_attributes.Rest();
        return std::move(m_packet);
    }

  private:
    void Fail(Reason reason)
    {
        m_reason = m_reason.value_or(reason);
    }

    std::string_view Require(std::string_view name)
    {
        const auto value = m_attributes.Take(name);
        if (!value)
        {
            Fail(Reason::MissingAttribute);
        }
        return value.value_or("");
    }

    void ReadKind()
    {
        const std::string_view type = Require("type");
        if (!IsVersion(Require("version")))
        {
            Fail(Reason::BadVersion);
        }
        if (type == format::TypeOf(PacketKind::IHave))
        {
            const std::string_view status = Require("status");
            m_packet.kind =
                status == "downloading" ? PacketKind::IAmDownloading : PacketKind::IHave;
            if (status != "downloading" && status != "have")
            {
                Fail(Reason::UnknownStatus);
            }
            return;
        }
        for (const PacketKind kind : {PacketKind::INeed,
                                      PacketKind::IFound,
                                      PacketKind::Downloading,
                                      PacketKind::DownloadComplete,
                                      PacketKind::DownloadFailed})
        {
            if (type == format::TypeOf(kind))
            {
                m_packet.kind = kind;
                return;
            }
        }
        m_packet.kind = PacketKind::ApplicationDefined;
        m_packet.type = type;
        if (!format::IsType(type))
        {
            Fail(Reason::BadValue);
        }
    }

    void ReadMembers()
    {
        m_packet.node = ReadNode("node").value_or(NodeId());
        switch (m_packet.kind)
        {
        case PacketKind::INeed:
            ReadINeed();
            break;
        case PacketKind::IHave:
            ReadId();
            m_packet.to = ReadNode("to");
            ReadHref();
            ReadLocation();
            ReadSize();
            m_packet.busyMs = ReadMilliseconds("busy");
            break;
        case PacketKind::IAmDownloading:
            ReadId();
            m_packet.to = ReadNode("to");
            ReadHref();
            ReadProgress();
            break;
        case PacketKind::IFound:
            ReadIFound();
            break;
        case PacketKind::Downloading:
            ReadHref();
            ReadProgress();
            break;
        case PacketKind::DownloadComplete:
            ReadHref();
            ReadLocation();
            ReadSize();
            break;
        case PacketKind::DownloadFailed:
            ReadHref();
            break;
        case PacketKind::ApplicationDefined:
            break;
        }
    }

    void ReadINeed()
    {
        ReadId();
        if (m_attributes.Take("method").value_or("get") != "get")
        {
            Fail(Reason::BadValue);
        }
        ReadHref();
        if (!NamesHttp(m_attributes.Take("acceptprotocol").value_or("http")))
        {
            Fail(Reason::BadValue);
        }
        m_packet.onlyCached = ReadChoice("cached", "only", "no");
        m_packet.lock = ReadToken("lock");
        m_packet.delayMs = ReadMilliseconds("delay");
    }

    void ReadIFound()
    {
        ReadId();
        ReadHref();
        const auto secret = ReadToken("key");
        if (secret)
        {
            m_packet.key = FoundKey{*secret, m_digest(*secret)};
        }
        m_packet.wait = !ReadChoice("wait", "0", "1");
    }

    void ReadId()
    {
        const auto id = ParseNumber(Require("ID"), limits::kRequestIdAcceptedMax);
        if (!id)
        {
            Fail(Reason::BadId);
        }
        m_packet.id = static_cast<std::uint32_t>(id.value_or(0));
    }

    void ReadHref()
    {
        m_packet.href = Require("href");
        // Whether a query may be there is for the asking application to say, and it has asked.
        if (!MayTravel(m_packet.href, true))
        {
            Fail(Reason::BadHref);
        }
    }

    void ReadLocation()
    {
        m_packet.location = ParseLocation(Require("location"), m_sourceHost);
        if (!m_packet.location)
        {
            Fail(Reason::BadLocation);
        }
    }

    void ReadProgress()
    {
        m_packet.received = ReadNumber("received", limits::kResourceBytesMax);
        ReadSize();
    }

    void ReadSize()
    {
        m_packet.size = ReadNumber("size", limits::kResourceBytesMax);
    }

    std::optional<NodeId> ReadNode(std::string_view name)
    {
        const auto value = m_attributes.Take(name);
        const auto node = NodeId::Parse(value.value_or(""));
        if (value && !node)
        {
            Fail(Reason::BadNode);
        }
        return node;
    }

    std::optional<Token> ReadToken(std::string_view name)
    {
        const auto value = m_attributes.Take(name);
        const auto token = FromBase64Url(value.value_or(""));
        if (value && !token)
        {
            Fail(Reason::BadValue);
        }
        return token;
    }

    std::optional<std::uint64_t> ReadNumber(std::string_view name, std::uint64_t max)
    {
        const auto value = m_attributes.Take(name);
        const auto number = ParseNumber(value.value_or(""), max);
        if (value && !number)
        {
            Fail(Reason::BadValue);
        }
        return number;
    }

    std::optional<std::uint32_t> ReadMilliseconds(std::string_view name)
    {
        const auto number = ReadNumber(name, std::numeric_limits<std::uint32_t>::max());
        return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
    }

    /// \returns whether it is \p first, which an absent attribute counts as, and not \p second.
    bool ReadChoice(std::string_view name, std::string_view first, std::string_view second)
    {
        const std::string_view value = m_attributes.Take(name).value_or(first);
        if (value != first && value != second)
        {
            Fail(Reason::BadValue);
        }
        return value == first;
    }

    Attributes& m_attributes;
    std::string_view m_sourceHost;
    DigestFunction m_digest;
    ServicePacket m_packet;
    std::optional<Reason> m_reason;
};

/// Everything is made visible that pugixml would otherwise pass over, so that it can be refused.
constexpr unsigned kParseFlags = pugi::parse_escapes | pugi::parse_fragment | pugi::parse_cdata |
                                 pugi::parse_comments | pugi::parse_pi | pugi::parse_doctype |
                                 pugi::parse_declaration | pugi::parse_ws_pcdata_single;

bool
IsUtf8Name(std::string_view encoding)
{
    constexpr std::string_view kUpper = "UTF-8";
    return std::equal(encoding.begin(),
                      encoding.end(),
                      kUpper.begin(),
                      kUpper.end(),
                      [](char a, char b) {
                          return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 'a' + 'A') : a) == b;
                      });
}

/// `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`, in this order, the last two optional.
std::optional<Reason>
CheckDeclaration(pugi::xml_node declaration)
{
    pugi::xml_attribute attribute = declaration.first_attribute();
    if (attribute.name() != std::string_view("version") ||
        attribute.value() != std::string_view("1.0"))
    {
        return Reason::NotXml;
    }
    attribute = attribute.next_attribute();
    if (attribute.name() == std::string_view("encoding"))
    {
        if (!IsUtf8Name(attribute.value()))
        {
            return Reason::NotUtf8;
        }
        attribute = attribute.next_attribute();
    }
    if (attribute.name() == std::string_view("standalone"))
    {
        const std::string_view value = attribute.value();
        attribute = value == "yes" || value == "no" ? attribute.next_attribute() : attribute;
    }
    return attribute ? std::optional(Reason::NotXml) : std::nullopt;
}

/// \returns the one element `service` of the document, or why it is not one. That it is alone was
/// seen in the raw bytes already; the parser is asked as well, lest the two ever disagree.
std::variant<pugi::xml_node, Reason>
RootOf(const pugi::xml_document& document)
{
    pugi::xml_node root = document.first_child();
    if (root.type() == pugi::node_declaration)
    {
        if (const auto reason = CheckDeclaration(root))
        {
            return *reason;
        }
        root = root.next_sibling();
    }
    const bool alone = root.type() == pugi::node_element && !root.next_sibling() &&
                       !root.first_child() && root.name() == format::kRoot;
    if (!alone)
    {
        return Reason::NotOneService;
    }
    return root;
}

constexpr std::string_view kXmlSpaces = " \t\r\n";

/// Takes what stands before \p end off the front, white space around it left out.
std::string_view
TakeUntil(std::string_view& bytes, char end)
{
    const std::size_t at = std::min(bytes.find(end), bytes.size());
    std::string_view taken = bytes.substr(0, at);
    bytes.remove_prefix(std::min(at + 1, bytes.size()));
    taken.remove_prefix(std::min(taken.find_first_not_of(kXmlSpaces), taken.size()));
    return taken.substr(0, taken.find_last_not_of(kXmlSpaces) + 1);
}

} // namespace

std::variant<ServicePacket, Reason>
Decode(std::string_view bytes, std::string_view sourceHost, DigestFunction digest)
{
    if (bytes.size() > limits::kPacketBytes)
    {
        return Reason::TooLong;
    }
    if (const auto reason = CheckCharacters(bytes))
    {
        return *reason;
    }
    if (const auto reason = CheckMarkup(bytes))
    {
        return *reason;
    }
    // pugixml works in the buffer; the zero behind the text, which has none, ends it.
    std::array<char, limits::kPacketBytes + 1> buffer{};
    std::copy(bytes.begin(), bytes.end(), buffer.begin());
    pugi::xml_document document;
    if (!document.load_buffer_inplace(
            buffer.data(), bytes.size() + 1, kParseFlags, pugi::encoding_utf8))
    {
        return Reason::NotXml;
    }
    const auto root = RootOf(document);
    if (const auto* reason = std::get_if<Reason>(&root))
    {
        return *reason;
    }
    Attributes attributes;
    if (const auto reason = attributes.Read(std::get<pugi::xml_node>(root)))
    {
        return *reason;
    }
    return PacketReader(attributes, sourceHost, digest).Read();
}

bool
LooksLikeIFound(std::string_view bytes)
{
    bytes = bytes.substr(0, limits::kPacketBytes);
    const std::size_t root = std::min(bytes.find(format::kRoot), bytes.size());
    bytes.remove_prefix(std::min(root + format::kRoot.size(), bytes.size()));
    // Attribute by attribute: `type` may as well be the end of another's name, or within a value.
    while (!bytes.empty())
    {
        const std::string_view name = TakeUntil(bytes, '=');
        const std::size_t quote = bytes.find_first_not_of(kXmlSpaces);
        if (quote == std::string_view::npos || (bytes[quote] != '"' && bytes[quote] != '\''))
        {
            return false;
        }
        const char closing = bytes[quote];
        bytes.remove_prefix(quote + 1);
        const std::size_t end = bytes.find(closing);
        if (end == std::string_view::npos)
        {
            return false;
        }
        const std::string_view value = bytes.substr(0, end);
        bytes.remove_prefix(end + 1);
        if (name == "type")
        {
            return value == format::TypeOf(PacketKind::IFound);
        }
    }
    return false;
}

} // namespace lanpeer
