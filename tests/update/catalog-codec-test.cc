#include "model/protocol/update/catalog-codec.h"

#include "tests/update/samples.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace lanpeer
{
namespace
{

using samples::Release;
using samples::Resource;

Catalog
Sample()
{
    Catalog catalog = Release(
        2, 17, {Resource("engine", "202611010000", "scanner"), Resource("dat", "2611150730")});
    catalog.product = "product-x";
    return catalog;
}

std::string
TextOf(const Catalog& catalog)
{
    return std::get<std::string>(WriteCatalog(catalog));
}

/// The sample's text, with one piece of it replaced.
std::string
With(const std::string& piece, const std::string& other)
{
    std::string text = TextOf(Sample());
    const std::size_t at = text.find(piece);
    EXPECT_NE(at, std::string::npos) << piece;
    return text.replace(at, piece.size(), other);
}

std::string
ErrorOf(const std::string& text)
{
    const auto read = ReadCatalog(text);
    const auto* error = std::get_if<CatalogError>(&read);
    return error == nullptr ? "none" : ToString(*error);
}

TEST(CatalogCodecTest, WhatIsWrittenIsRead)
{
    RecordProperty("requirement", "R-UPD-8");
    for (const Catalog& catalog : {Sample(), Release(0, 0, {}), Catalog{}})
    {
        const std::string text = TextOf(catalog);
        const auto read = ReadCatalog(text);
        ASSERT_TRUE(std::holds_alternative<Catalog>(read)) << ErrorOf(text);
        EXPECT_TRUE(std::get<Catalog>(read) == catalog);
        EXPECT_EQ(TextOf(std::get<Catalog>(read)), text);
    }
}

TEST(CatalogCodecTest, ASetThatIsNotNamedIsTheProduct)
{
    RecordProperty("requirement", "R-UPD-8");
    const auto read = ReadCatalog(With(" set=\"scanner\"", ""));
    ASSERT_TRUE(std::holds_alternative<Catalog>(read));
    EXPECT_EQ(std::get<Catalog>(read).entries[0].set, "engine");
}

TEST(CatalogCodecTest, MarkupThatOthersWouldPassOverIsRefused)
{
    RecordProperty("requirement", "R-UPD-8");
    const std::vector<std::pair<std::string, std::string>> cases{
        {With("<catalog", "<!DOCTYPE x><catalog"), "line 2: a document type declaration"},
        {With("<catalog", "<!-- x --><catalog"),
         "line 2: a comment, CDATA or a processing instruction"},
        {With("</catalog>", "<?x y?></catalog>"),
         "line 5: a comment, CDATA or a processing instruction"},
        {With("</catalog>", "x</catalog>"), "line 5: text outside of tags"},
        {With("updates.example", "&x;"),
         "line 3: an entity other than the five predefined and characters"},
        {With("updates.example", "a\tb"), "line 3: a tab or line end in a value"},
        {With("updates.example", "a<b"), "line 3: '<' in a value"},
        {With("updates.example",
              "a\x01"
              "b"),
         "a control character, or not UTF-8"},
        {With("updates.example", "a\xff"), "a control character, or not UTF-8"},
        {With("/>\n</catalog>", "><x><y/></x></resource></catalog>"),
         "line 4: an element within a resource"},
        {With("</catalog>\n", ""), "line 4: not well-formed XML"},
        {With("</catalog>", "</catalogue>"), "line 5: not well-formed XML"},
        {TextOf(Sample()) + "<catalog/>", "line 6: catalog: not the one element catalog"},
        {With("1.0", "1.1"), "line 1: xml: not version 1.0 in UTF-8"},
        {With("UTF-8", "UTF-16"), "line 1: xml: not version 1.0 in UTF-8"},
        {"", "line 1: not well-formed XML"},
        {std::string(limits::kCatalogBytes + 1, ' '), "longer than 1 MiB"},
    };
    for (const auto& [text, error] : cases)
    {
        EXPECT_EQ(ErrorOf(text), error) << text.substr(0, 800);
    }
}

TEST(CatalogCodecTest, ErrorsNameTheLineAndTheAttribute)
{
    RecordProperty("requirement", "R-UPD-8");
    const std::vector<std::pair<std::string, std::string>> cases{
        {With("format=\"1\"", "format=\"2\""), "line 2: catalog: format: not 1"},
        {With("epoch=\"2\"", ""), "line 2: catalog: epoch: is missing"},
        {With("epoch=\"2\"", "epoch=\"02\""),
         "line 2: catalog: epoch: not a number from 0 to 9007199254740991"},
        {With("version=\"17\"", "version=\"9007199254740992\""),
         "line 2: catalog: version: not a number from 0 to 9007199254740991"},
        {With("version=\"17\"", "version=\"-1\""),
         "line 2: catalog: version: not a number from 0 to 9007199254740991"},
        {With("epoch=", "serial=\"1\" epoch="), "line 2: catalog: serial: no such attribute"},
        {With("epoch=", "version=\"17\" epoch="), "line 2: catalog: version: twice"},
        {With("<resource", "<run"), "line 3: run: no such element"},
        {With("size=\"580000\"", "size=\"0\""), "line 3: resource: size: not from 1 to 2^40"},
        {With("sha256=\"0", "sha256=\"A"),
         "line 3: resource: sha256: not 64 lower-case hex digits"},
        {With("version=\"2611150730\"", "version=\"2611310730\""),
         "line 4: resource: version: neither YYMMDDHHMM nor YYYYMMDDHHMM of a date that is one"},
        {With("version=\"2611150730\"", "version=\"202611150730\""),
         "line 4: resource: url: its last segment names another product or version than the entry"},
        {With("http://updates.example/dat", "ftp://updates.example/dat"),
         "line 4: resource: url: not an absolute http or https URL without user-info, query and "
         "fragment"},
        {With("http://updates.example/dat", "http://u:p@updates.example/dat"),
         "line 4: resource: url: not an absolute http or https URL without user-info, query and "
         "fragment"},
        {With("product=\"dat\"", "product=\"engine\""),
         "line 4: resource: url: its last segment names another product or version than the entry"},
        {With("set=\"scanner\"", "set=\"..\""),
         "line 3: resource: set: not 1 to 64 letters, digits, '-' and '_', a letter or digit "
         "first"},
    };
    for (const auto& [text, error] : cases)
    {
        EXPECT_EQ(ErrorOf(text), error);
    }
}

TEST(CatalogCodecTest, EachProductIsListedOnce)
{
    RecordProperty("requirement", "R-UPD-8");
    RecordProperty("attack", "T7");
    const CatalogEntry one = Resource("engine", "202611010000");
    const CatalogEntry other = Resource("engine", "202611020000");
    const auto written = WriteCatalog(Release(1, 1, {one, other}));
    ASSERT_TRUE(std::holds_alternative<CatalogError>(written));
    EXPECT_EQ(std::get<CatalogError>(written).message, "resource: product: engine is listed twice");
}

TEST(CatalogCodecTest, NoMoreThan256Resources)
{
    RecordProperty("requirement", "R-UPD-8");
    Catalog catalog = Release(1, 1, {});
    while (catalog.entries.size() < limits::kCatalogEntries)
    {
        catalog.entries.push_back(
            Resource(fmt::format("p{}", catalog.entries.size()), "202611010000"));
    }
    std::string text = TextOf(catalog);
    EXPECT_EQ(ErrorOf(text), "none");
    const std::size_t first = text.find("  <resource");
    text.insert(first, text.substr(first, text.find('\n', first) + 1 - first));
    text.replace(text.find("p0"), 2, "px");
    text.replace(text.find("/p0"), 3, "/px");
    EXPECT_EQ(ErrorOf(text), "line 259: catalog: more than 256 resources");
}

} // namespace
} // namespace lanpeer
