// Runs the committed corpora through the fuzzers, each of whose inputs once showed something: what
// libFuzzer took to see more of the code, and what had broken a promise. No clang is needed for it.

#include "tests/fuzz/fuzzing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

// Made by CMakeLists.txt, of the list there.
#define LANPEER_FUZZER(name, entry)                                                                \
    extern "C" int entry(const std::uint8_t* data, std::size_t size);
#include "fuzzers.inc"
#undef LANPEER_FUZZER

namespace lanpeer::fuzz
{
namespace
{

namespace fs = std::filesystem;

struct Fuzzer
{
    std::string name;
    int (*entry)(const std::uint8_t* data, std::size_t size);
};

const std::vector<Fuzzer>&
Fuzzers()
{
#define LANPEER_FUZZER(name, entry) Fuzzer{name, entry},
    static const std::vector<Fuzzer> fuzzers{
#include "fuzzers.inc"
    };
#undef LANPEER_FUZZER
    return fuzzers;
}

const fs::path kCorpora = LANPEER_SOURCE_DIR "/tests/fuzz/corpus";

std::vector<fs::path>
FilesIn(const fs::path& folder)
{
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
    {
        files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// On the heap and of its own length, so that the sanitizers see its end.
std::vector<std::uint8_t>
BytesOf(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The input that is being run, for what aborts.
std::string g_running;

extern "C" void
SayWhatRuns(int /*signal*/)
{
    std::cerr << "fuzz: the input is " << g_running << std::endl;
}

class FuzzCorpus : public testing::TestWithParam<Fuzzer>
{
};

TEST_P(FuzzCorpus, KeepsEveryPromise)
{
    const auto inputs = FilesIn(kCorpora / GetParam().name);
    ASSERT_FALSE(inputs.empty()) << "an empty corpus tests nothing";
    std::signal(SIGABRT, SayWhatRuns);
    for (const fs::path& input : inputs)
    {
        g_running = input.string();
        const std::vector<std::uint8_t> bytes = BytesOf(input);
        EXPECT_EQ(GetParam().entry(bytes.data(), bytes.size()), 0) << input;
    }
    std::signal(SIGABRT, SIG_DFL);
}

std::string
NameOfTest(const testing::TestParamInfo<Fuzzer>& info)
{
    std::string name = info.param.name;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Of, FuzzCorpus, testing::ValuesIn(Fuzzers()), NameOfTest);

/// A folder for each fuzzer, and small enough to be kept beside the sources.
TEST(FuzzCorpora, AreThoseOfTheFuzzersAndSmall)
{
    std::vector<std::string> names;
    for (const Fuzzer& fuzzer : Fuzzers())
    {
        names.push_back(fuzzer.name);
    }
    std::vector<std::string> folders;
    std::uintmax_t bytes = 0;
    for (const fs::path& folder : FilesIn(kCorpora))
    {
        folders.push_back(folder.filename());
        for (const fs::path& input : FilesIn(folder))
        {
            bytes += fs::file_size(input);
        }
    }
    EXPECT_EQ(folders, names);
    EXPECT_LT(bytes, 500'000U);
}

} // namespace
} // namespace lanpeer::fuzz
