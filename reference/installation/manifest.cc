#include "reference/installation/manifest.h"

#include "model/protocol/update/catalog.h"
#include "model/protocol/update/version-name.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <initializer_list>
#include <set>
#include <stdexcept>

namespace lanpeer::reference
{

namespace
{

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kFormat = 1;
constexpr std::size_t kMaxDigits = 16; // of a number below 2^53 (limits::kCatalogNumberMax)

bool
IsNumber(std::string_view text)
{
    return !text.empty() && text.size() <= kMaxDigits &&
           text.find_first_not_of("0123456789") == std::string_view::npos &&
           (text.size() == 1 || text.front() != '0');
}

void
CheckKeys(const Json& object, std::initializer_list<const char*> keys)
{
    if (!object.is_object() || object.size() != keys.size())
    {
        throw std::runtime_error("not the members that it has to have");
    }
    for (const char* key : keys)
    {
        if (!object.contains(key))
        {
            throw std::runtime_error(fmt::format("{} is missing", key));
        }
    }
}

std::string
TakeText(const Json& object, const char* key, bool (*isGood)(std::string_view))
{
    const Json& value = object.at(key);
    if (!value.is_string() || !isGood(value.get_ref<const std::string&>()))
    {
        throw std::runtime_error(fmt::format("{} is not one", key));
    }
    return value.get<std::string>();
}

std::uint64_t
TakeNumber(const Json& object, const char* key)
{
    const Json& value = object.at(key);
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > limits::kCatalogNumberMax)
    {
        throw std::runtime_error(fmt::format("{} is not a number of a catalog", key));
    }
    return value.get<std::uint64_t>();
}

ManifestProduct
TakeProduct(const Json& object)
{
    CheckKeys(object, {"product", "version", "sha256", "epoch", "url"});
    ManifestProduct product;
    product.installed.product = TakeText(object, "product", IsProductName);
    product.installed.version = TakeText(
        object, "version", [](std::string_view text) { return VersionTimeS(text).has_value(); });
    product.installed.sha256 = TakeText(object, "sha256", IsSha256);
    product.installed.epoch = TakeNumber(object, "epoch");
    product.url = TakeText(object, "url", IsCatalogUrl);
    return product;
}

} // namespace

bool
IsReleaseLabel(std::string_view text)
{
    const std::size_t dash = std::min(text.find('-'), text.size());
    return dash < text.size() && IsNumber(text.substr(0, dash)) && IsNumber(text.substr(dash + 1));
}

bool
IsReleaseFolder(std::string_view text)
{
    const std::size_t dot = std::min(text.find('.'), text.size());
    return IsReleaseLabel(text.substr(0, dot)) &&
           (dot == text.size() || IsNumber(text.substr(dot + 1)));
}

std::string
WriteManifest(const Manifest& manifest)
{
    Json products = Json::array();
    for (const ManifestProduct& product : manifest.products)
    {
        products.push_back({{"product", product.installed.product},
                            {"version", product.installed.version},
                            {"sha256", product.installed.sha256},
                            {"epoch", product.installed.epoch},
                            {"url", product.url}});
    }
    const Json whole{{"format", kFormat},
                     {"set", manifest.set},
                     {"release", manifest.release},
                     {"previous", manifest.previous},
                     {"products", products}};
    return whole.dump(2) + "\n";
}

Manifest
ReadManifest(std::string_view text)
{
    const Json whole = Json::parse(text, nullptr, false);
    if (whole.is_discarded())
    {
        throw std::runtime_error("not JSON");
    }
    CheckKeys(whole, {"format", "set", "release", "previous", "products"});
    if (TakeNumber(whole, "format") != kFormat)
    {
        throw std::runtime_error("of another format");
    }
    Manifest manifest;
    manifest.set = TakeText(whole, "set", IsProductName);
    manifest.release = TakeText(whole, "release", IsReleaseLabel);
    manifest.previous =
        TakeText(whole,
                 "previous",
                 [](std::string_view name) { return name.empty() || IsReleaseFolder(name); });
    const Json& products = whole.at("products");
    if (!products.is_array() || products.empty() || products.size() > limits::kCatalogEntries)
    {
        throw std::runtime_error("products is not a list of them");
    }
    std::set<std::string> names;
    for (const Json& product : products)
    {
        manifest.products.push_back(TakeProduct(product));
        if (!names.insert(manifest.products.back().installed.product).second)
        {
            throw std::runtime_error("a product is listed twice");
        }
    }
    return manifest;
}

} // namespace lanpeer::reference
