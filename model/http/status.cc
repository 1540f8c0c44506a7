#include "model/http/status.h"

#include "model/http/beast-text.h"

#include <boost/beast/http/status.hpp>

namespace lanpeer::http
{

std::string_view
ToString(ErrorStatus status)
{
    return ToStd(
        boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(NumberOf(status))));
}

} // namespace lanpeer::http
