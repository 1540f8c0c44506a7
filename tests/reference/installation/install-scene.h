#pragma once

#include "reference/installation/install-folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace lanpeer::reference
{

/// A package of a product as published: its bytes and what is found out about them.
struct Published
{
    CatalogEntry entry;
    std::string bytes;
    PackageFacts facts;
};

/// Made once per run for each product and number: product's files say which they are of.
const Published& PackageOf(const std::string& product, unsigned number);

/// A set as a catalog lists it: numbers of the products' packages.
struct Wanted
{
    std::string release;
    std::map<std::string, unsigned> numbers;
    std::vector<std::string> carried; ///< products that are installed already
    std::string set = "base";
};

/// What the core would ask for.
InstallSet SetOf(const Wanted& wanted);

InstalledRelease Install(const InstallFolder& folder, const Wanted& wanted);

/// What Install() throws; "" if it does not.
std::string ErrorOf(const InstallFolder& folder, const Wanted& wanted);

/// All files under a path by their names, with what is in them; the manifest apart.
std::map<std::string, std::string> FilesUnder(const std::filesystem::path& path);

/// What is there if a set is in place.
std::map<std::string, std::string> FilesOf(const std::map<std::string, unsigned>& numbers);

/// "engine 2 of epoch 3", by product.
std::vector<std::string> Told(const Installation& installation);

/// A folder of the test's, gone with it.
class InstallScene : public testing::Test
{
  protected:
    InstallScene();
    ~InstallScene() override;

    std::filesystem::path Root() const
    {
        return m_top / "products";
    }

    std::filesystem::path Current(const std::string& set = "base") const
    {
        return Root() / set / "current";
    }

    std::vector<std::string> NamesIn(const std::filesystem::path& folder) const;

    std::filesystem::path m_top;
};

} // namespace lanpeer::reference
