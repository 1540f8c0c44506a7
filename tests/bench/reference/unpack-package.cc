// What packages-against-osslsigncode measures, and what makes the package for it:
//
//   unpack-package make CERTIFICATES KEY PACKAGE FILE...     a signed package of the files
//   unpack-package unpack ROOTS PACKAGE FOLDER [--synced]    verified now, unpacked into the folder

#include "reference/packages/package.h"
#include "reference/packages/unpack.h"

#include <cstdlib>
#include <ctime>
#include <exception>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace
{

using namespace lanpeer;
using namespace lanpeer::reference;

std::string
ReadFile(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in)
    {
        throw std::runtime_error(path + ": cannot be read");
    }
    return {std::istreambuf_iterator<char>(in), {}};
}

void
Make(const std::vector<std::string>& arguments)
{
    std::vector<CabinetFile> files;
    for (std::size_t i = 3; i < arguments.size(); ++i)
    {
        const std::filesystem::path path = arguments[i];
        files.push_back({path.filename(), ReadFile(path), false});
    }
    const std::filesystem::path package = arguments[2];
    const SigningKey key(ReadFile(arguments[0]), ReadFile(arguments[1]));
    std::ofstream(package, std::ios::binary)
        << MakePackage({package.filename(), "bench", "200101131511"}, files, key);
}

void
Unpack(const std::vector<std::string>& arguments)
{
    const Trust trust(ReadFile(arguments[0]));
    const FileDescriptor file(::open(arguments[1].c_str(), O_RDONLY | O_CLOEXEC));
    const FileDescriptor folder(::open(arguments[2].c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const FileSource source(file, file.Size());
    const Examination examination = ExaminePackage(source, trust, std::time(nullptr));
    if (!examination.message.empty())
    {
        throw std::runtime_error(examination.message);
    }
    UnpackPackage(source,
                  examination.facts,
                  {},
                  folder,
                  arguments.size() > 3 ? Durability::Synced : Durability::Written);
}

} // namespace

int
main(int argc, char** argv)
{
    std::vector<std::string> arguments(argv + 1, argv + argc);
    const std::string command = arguments.empty() ? "" : arguments.front();
    if (arguments.size() < 4 || (command != "make" && command != "unpack"))
    {
        std::cerr << "unpack-package: make CERTIFICATES KEY PACKAGE FILE... or unpack ROOTS "
                     "PACKAGE FOLDER [--synced]\n";
        return 2;
    }
    arguments.erase(arguments.begin());
    try
    {
        command == "make" ? Make(arguments) : Unpack(arguments);
        return EXIT_SUCCESS;
    }
    catch (const std::exception& error)
    {
        std::cerr << "unpack-package: " << error.what() << "\n";
        return EXIT_FAILURE;
    }
}
