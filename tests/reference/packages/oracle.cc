#include "oracle.h"

#include "tests/reference/office/commands.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace lanpeer::reference
{

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder()
{
    std::string path = (fs::temp_directory_path() / "lanpeer-packages-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr)
    {
        throw std::runtime_error("no temporary folder");
    }
    m_path = path;
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

fs::path
TemporaryFolder::Put(const std::string& name, std::string_view bytes) const
{
    const fs::path path = m_path / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
}

std::string
TemporaryFolder::Get(const std::string& name) const
{
    return TextOf(m_path / name);
}

Oracle
VerifyByOsslsigncode(const TemporaryFolder& folder,
                     std::string_view cabinet,
                     const Identity& root,
                     const std::vector<std::string>& options)
{
    std::vector<std::string> arguments{"osslsigncode",
                                       "verify",
                                       "-CAfile",
                                       folder.Put("root.pem", root.certificate),
                                       "-in",
                                       folder.Put("verified.cab", cabinet)};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const CommandResult result = RunCommand(arguments);
    return {result.exitCode == 0, result.output};
}

std::string
SignByOsslsigncode(const TemporaryFolder& folder,
                   std::string_view cabinet,
                   const Identity& identity,
                   const std::vector<std::string>& options)
{
    const fs::path out = folder.Path() / "signed.cab";
    fs::remove(out);
    std::vector<std::string> arguments{"osslsigncode",
                                       "sign",
                                       "-certs",
                                       folder.Put("certificate.pem", identity.certificate),
                                       "-key",
                                       folder.Put("key.pem", identity.key),
                                       "-in",
                                       folder.Put("unsigned.cab", cabinet),
                                       "-out",
                                       out};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const CommandResult result = RunCommand(arguments);
    if (result.exitCode != 0)
    {
        throw std::runtime_error("osslsigncode sign: " + result.output);
    }
    return TextOf(out);
}

std::string
MakeByGcab(const TemporaryFolder& folder,
           const std::vector<std::pair<std::string, std::string>>& files,
           const std::vector<std::string>& options)
{
    const fs::path out = folder.Path() / "gcab.cab";
    fs::remove(out);
    std::vector<std::string> arguments{"env", "-C", folder.Path() / "in", "gcab", "-c"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.push_back(out);
    for (const auto& [name, bytes] : files)
    {
        folder.Put("in/" + name, bytes);
        arguments.push_back(name);
    }
    const CommandResult result = RunCommand(arguments);
    if (result.exitCode != 0)
    {
        throw std::runtime_error("gcab: " + result.output);
    }
    return TextOf(out);
}

std::size_t
Draw::Below(std::size_t bound)
{
    // Knuth's MMIX; its high bits are the good ones.
    m_state = m_state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>((m_state >> 33U) % bound);
}

std::string
Draw::Bytes(std::size_t count)
{
    std::string bytes(count, '\0');
    for (char& byte : bytes)
    {
        byte = static_cast<char>(Below(256));
    }
    return bytes;
}

} // namespace lanpeer::reference
