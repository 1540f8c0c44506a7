#include "tests/program/typing.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <sys/wait.h>

namespace lanpeer::program
{

namespace fs = std::filesystem;

std::string
ReadAll(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

Typing::Typing()
{
    std::string pattern = (fs::temp_directory_path() / "lanpeer-typed-XXXXXX").string();
    m_folder = mkdtemp(pattern.data());
    fs::create_directory_symlink(LANPEER_BINARY_DIR, m_folder / "build");
    fs::create_directory_symlink(LANPEER_SOURCE_DIR "/results", m_folder / "results");
    setenv("LANPEER_SIM", LANPEER_BINARY_DIR "/bin/lanpeer-sim", 1);
}

Typing::~Typing()
{
    fs::remove_all(m_folder); // links, not what they lead to
}

Output
Typing::Type(const std::string& line) const
{
    const std::string command =
        "cd " + m_folder.string() + " && { " + line + "\n} >out.txt 2>err.txt";
    const int status = std::system(command.c_str());
    return {WEXITSTATUS(status), ReadAll(m_folder / "out.txt"), ReadAll(m_folder / "err.txt")};
}

} // namespace lanpeer::program
