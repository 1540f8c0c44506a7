#include "model/http/get.h"

#include "model/http/beast-text.h"
#include "model/http/grammar.h"

namespace lanpeer::http
{

namespace
{

namespace bhttp = boost::beast::http;

bool
IsSound(const GetOrder& order)
{
    return IsAuthority(order.authority) && IsOriginTarget(order.target) &&
           (!order.ifRangeTag || IsOpaqueTag(*order.ifRangeTag));
}

} // namespace

std::optional<std::string>
MakeGet(const GetOrder& order)
{
    if (!IsSound(order))
    {
        return std::nullopt;
    }
    bhttp::request<bhttp::empty_body> message;
    message.version(11);
    message.method(bhttp::verb::get);
    message.target(ToBeast(order.target));
    message.set(bhttp::field::host, ToBeast(order.authority));
    message.set(bhttp::field::accept_encoding, "identity");
    if (order.offset)
    {
        message.set(bhttp::field::range, "bytes=" + std::to_string(*order.offset) + "-");
        if (order.ifRangeTag)
        {
            message.set(bhttp::field::if_range, '"' + *order.ifRangeTag + '"');
        }
    }
    if (!order.keepAlive)
    {
        message.set(bhttp::field::connection, "close");
    }
    return HeadText(message);
}

} // namespace lanpeer::http
