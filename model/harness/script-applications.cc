#include "model/harness/arguments.h"
#include "model/harness/packet-words.h"
#include "model/harness/script.h"

// The commands that are about what a node's applications do.

namespace lanpeer::harness
{

namespace
{

/// Takes one word behind `want`.
void
TakeOption(Arguments& words, ResourceWanted& wanted)
{
    RequestOptions& options = wanted.options;
    if (words.Take("nowait"))
    {
        options.mayWait = false;
    }
    else if (words.Take("lan-only"))
    {
        options.mayUseInternet = false;
    }
    else if (words.Take("uncacheable"))
    {
        options.cacheable = false;
    }
    else if (words.Take("unverified"))
    {
        options.verified = false;
    }
    else if (words.Take("query"))
    {
        options.allowQuery = true;
    }
    else if (words.Take("held-refused"))
    {
        wanted.heldRefused = true;
    }
    else
    {
        words.End();
    }
}

} // namespace

void
Script::Want(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    ResourceWanted wanted;
    wanted.href = HrefOf(words.Word("the resource"));
    while (!words.Empty())
    {
        TakeOption(words, wanted);
    }
    wanted.request = static_cast<AppRequestId>(++m_requests);
    TheWorld().Handle(host, wanted);
}

void
Script::Cancel(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    const std::string href = HrefOf(words.Word("the resource"));
    words.End();
    const auto& requests = TheWorld().At(host).node.Client().Requests();
    for (std::uint32_t slot = 0; slot < requests.End(); ++slot)
    {
        const ClientRequest* request = requests.Find(slot);
        if (request != nullptr && request->href == href && !request->joined.empty())
        {
            TheWorld().Handle(host, RequestCancelled{request->joined.back().application});
            return;
        }
    }
    throw ScriptError("nobody there asks for it");
}

void
Script::Offer(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    const std::string href = HrefOf(words.Word("the resource"));
    words.End();
    TheWorld().At(host).whole.insert(href);
    TheWorld().Handle(host, CopyOffered{href, TheWorld().ResourceBytes()});
}

void
Script::Withdraw(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    const std::string href = HrefOf(words.Word("the resource"));
    words.End();
    TheWorld().Handle(host, CopyWithdrawn{href});
}

void
Script::Catalog(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    CatalogHeld held;
    for (const std::string& resource : SplitAtCommas(words.Word("the resources")))
    {
        held.hrefs.insert(HrefOf(resource));
    }
    words.End();
    TheWorld().Handle(host, held);
}

void
Script::RegisterType(Arguments& words, bool registered)
{
    const std::uint32_t host = NextHost(words);
    const std::string type = words.Word("the type");
    words.End();
    TheWorld().Handle(host, ApplicationTypeRegistered{type, registered});
}

void
Script::Register(Arguments& words)
{
    RegisterType(words, true);
}

void
Script::Unregister(Arguments& words)
{
    RegisterType(words, false);
}

void
Script::App(Arguments& words)
{
    const std::uint32_t host = NextHost(words);
    ApplicationPacketToSend packet;
    if (!words.Take("all"))
    {
        packet.peer = PeerFrom(words.Word("the receiver"));
        packet.port = 1967;
    }
    packet.type = words.Word("the type");
    while (const auto pair = words.Pair())
    {
        packet.attributes.push_back(*pair);
    }
    words.End();
    TheWorld().Handle(host, packet);
}

} // namespace lanpeer::harness
