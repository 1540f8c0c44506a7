#include "tests/reference/library/scene.h"

#include "reference/files/digest.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/wait.h>
#include <unistd.h>

namespace lanpeer::reference
{

Scene::Scene()
    : m_folder(testing::TempDir() + "lanpeer-library-XXXXXX")
    , m_httpPort(static_cast<std::uint16_t>(20000 + 2 * (::getpid() % 6000)))
{
    EXPECT_NE(::mkdtemp(m_folder.data()), nullptr);
    Write("lanpeerd.yaml",
          fmt::format("interfaces: [lo]\n"
                      "state_dir: {}\n"
                      "socket: {}\n"
                      "store: {{free_disk_bytes: 0}}\n"
                      "protocol:\n"
                      "  service_port: {}\n"
                      "  http_port: {}\n"
                      "  response_delay_ms: 100\n"
                      "  transmission_allowance_ms: 50\n",
                      In("state"),
                      In("socket"),
                      ServicePort(),
                      m_httpPort));
}

Scene::~Scene()
{
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
}

std::string
Scene::In(const std::string& name) const
{
    return m_folder + "/" + name;
}

std::string
Scene::Write(const std::string& name, const std::string& text) const
{
    std::ofstream(In(name), std::ios::binary) << text;
    return In(name);
}

std::string
ReadAll(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string
ReadAndClose(int fd)
{
    const FileDescriptor file(fd);
    std::string bytes(file.Size(), '\0');
    bytes.resize(file.ReadAt(0, bytes.data(), bytes.size()));
    return bytes;
}

std::string
Sha256(const std::string& bytes)
{
    return ToHex(DigestOf(bytes));
}

std::pair<int, std::string>
RunShell(const std::string& command)
{
    std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    EXPECT_NE(pipe, nullptr) << command;
    std::string said;
    std::array<char, 4096> piece{};
    while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe))
    {
        said.append(piece.data(), got);
    }
    const int status = ::pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, said};
}

} // namespace lanpeer::reference
