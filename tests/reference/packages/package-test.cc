#include "authority.h"
#include "oracle.h"
#include "reference/files/digest.h"
#include "reference/packages/authenticode.h"
#include "reference/packages/cabinet.h"
#include "reference/packages/cabinfo.h"
#include "reference/packages/package-error.h"
#include "reference/packages/package.h"
#include "reference/packages/unpack.h"
#include "tests/reference/office/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace lanpeer::reference
{
namespace
{

namespace fs = std::filesystem;

using testing::ElementsAre;
using testing::HasSubstr;

const EmbeddedName kName{"engine.200101131511.cab", "engine", "200101131511"};

std::vector<CabinetFile>
Files()
{
    return {{"engine.so", std::string(70'000, 'e'), false},
            {"bin/scan", "#!/bin/sh\n", true},
            {"help/en/index.html", "<html>", false}};
}

std::string
Sample()
{
    return MakePackage(kName, Files(), KeyFor(Publisher()));
}

Examination
Examine(const std::string& bytes, const Identity& root = Root())
{
    return ExaminePackage(MemorySource(bytes), TrustIn(root), kAsOfS);
}

FileDescriptor
OpenFolder(const fs::path& path)
{
    return FileDescriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

unsigned
ModeOf(const fs::path& path)
{
    struct stat status = {};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777;
}

TEST(Package, SaysWhatItIs)
{
    RecordProperty("requirement", "R-UPD-4 R-UPD-7");
    const std::string bytes = Sample();
    const Examination examination = Examine(bytes);
    EXPECT_EQ(examination.message, "");
    EXPECT_EQ(examination.facts.signature, SignatureState::Valid);
    EXPECT_EQ(examination.facts.signer, "1001");
    EXPECT_EQ(examination.facts.sizeBytes, bytes.size());
    EXPECT_EQ(examination.facts.sha256, ToHex(DigestOf(bytes)));
    EXPECT_EQ(examination.facts.embedded, kName);
}

TEST(Package, TheSameIsMadeOfTheSame)
{
    RecordProperty("requirement", "R-UPD-6");
    EXPECT_TRUE(Sample() == Sample());
}

TEST(Package, OneMadeByOtherToolsIsReadToo)
{
    RecordProperty("requirement", "R-UPD-7");
    const TemporaryFolder folder;
    const std::string bytes = SignByOsslsigncode(
        folder,
        MakeByGcab(folder, {{"engine.so", "e"}, {"cabinfo.ini", WriteCabInfo(kName)}}),
        Publisher(),
        {"-h", "sha256"});
    EXPECT_EQ(Examine(bytes).facts.embedded, kName) << Examine(bytes).message;
}

TEST(Package, L14TheNameIsTheOneWithinWhateverTheFileIsCalled)
{
    RecordProperty("attack", "L14 T10");
    RecordProperty("requirement", "R-UPD-4");
    // An old package, signed and whole, under the name of a new one: what is told is the old name.
    const TemporaryFolder folder;
    const fs::path renamed = folder.Put("engine.200102011200.cab", Sample());
    const FileDescriptor file(::open(renamed.c_str(), O_RDONLY | O_CLOEXEC));
    const Examination examination =
        ExaminePackage(FileSource(file, file.Size()), TrustIn(Root()), kAsOfS);
    EXPECT_EQ(examination.facts.signature, SignatureState::Valid);
    EXPECT_EQ(examination.facts.embedded->file, "engine.200101131511.cab");
    EXPECT_EQ(examination.facts.embedded->version, "200101131511");
    // Of two packages, each tells its own product (T10).
    const EmbeddedName other{"Myavdat.0104060900.cab", "Myavdat", "0104060900"};
    EXPECT_EQ(Examine(MakePackage(other, Files(), KeyFor(Publisher()))).facts.embedded, other);
}

TEST(Package, T1NothingIsReadOfWhatIsNotSigned)
{
    RecordProperty("attack", "T1 L16");
    // Also not the name, for which it would have to be decompressed.
    const std::string unsignedOne = MakeCabinet({{"cabinfo.ini", WriteCabInfo(kName), false}});
    std::string altered = Sample();
    altered[100] = static_cast<char>(altered[100] ^ 1);
    const std::string other = MakePackage(kName, Files(), KeyFor(OtherPublisher()));
    for (const std::string& bytes : {unsignedOne, altered, other})
    {
        const Examination examination = Examine(bytes);
        EXPECT_NE(examination.facts.signature, SignatureState::Valid);
        EXPECT_NE(examination.message, "");
        EXPECT_EQ(examination.facts.embedded, std::nullopt);
        EXPECT_EQ(examination.facts.sizeBytes, bytes.size());
        EXPECT_EQ(examination.facts.sha256, ToHex(DigestOf(bytes)));
    }
}

TEST(Package, SignedWithoutAGoodNameItHasNone)
{
    RecordProperty("requirement", "R-UPD-4");
    const auto sign = [](const std::vector<CabinetFile>& files)
    {
        return Examine(SignCabinet(MakeCabinet(files), KeyFor(Publisher())));
    };
    const Examination none = sign({{"a", "x", false}});
    EXPECT_EQ(none.facts.signature, SignatureState::Valid);
    EXPECT_EQ(none.facts.embedded, std::nullopt);
    EXPECT_EQ(none.message, "no cabinfo.ini in it");
    const Examination bad = sign({{"cabinfo.ini", "[cabinfo]\n", false}});
    EXPECT_EQ(bad.facts.embedded, std::nullopt);
    EXPECT_THAT(bad.message, HasSubstr("0 keys"));
    const Examination elsewhere = sign({{"a/cabinfo.ini", WriteCabInfo(kName), false}});
    EXPECT_EQ(elsewhere.facts.embedded, std::nullopt);
    const Examination large = sign({{"cabinfo.ini", std::string(4097, '\n'), false}});
    EXPECT_EQ(large.facts.embedded, std::nullopt);
    EXPECT_THAT(large.message, HasSubstr("longer than 4096"));
    EXPECT_THROW(MakePackage(kName, {{"cabinfo.ini", "mine", false}}, KeyFor(Publisher())),
                 PackageError);
}

TEST(Package, IsUnpackedWithItsFoldersAndModes)
{
    RecordProperty("requirement", "R-UPD-7");
    const std::string bytes = Sample();
    const TemporaryFolder folder;
    const mode_t before = ::umask(077);
    const auto written =
        UnpackPackage(MemorySource(bytes), Examine(bytes).facts, {}, OpenFolder(folder.Path()));
    ::umask(before);
    std::vector<std::string> names;
    for (const CabinetEntry& entry : written)
    {
        names.push_back(entry.name);
    }
    EXPECT_THAT(names, ElementsAre("cabinfo.ini", "engine.so", "bin/scan", "help/en/index.html"));
    for (const CabinetFile& file : Files())
    {
        EXPECT_TRUE(folder.Get(file.name) == file.bytes) << file.name;
        EXPECT_EQ(ModeOf(folder.Path() / file.name), file.executable ? 0755U : 0644U) << file.name;
    }
    EXPECT_EQ(folder.Get("cabinfo.ini"), WriteCabInfo(kName));
    EXPECT_EQ(ModeOf(folder.Path() / "help/en"), 0755U);
}

TEST(Package, L21WhatIsThereIsNeitherFollowedNorReplaced)
{
    RecordProperty("attack", "L21");
    const std::string bytes = Sample();
    for (const char* name : {"engine.so", "bin", "help"})
    {
        const TemporaryFolder elsewhere;
        const TemporaryFolder folder;
        const fs::path target = elsewhere.Put("kept", "kept");
        fs::create_symlink(std::string(name) == "engine.so" ? target : elsewhere.Path(),
                           folder.Path() / name);
        EXPECT_THROW(
            UnpackPackage(MemorySource(bytes), Examine(bytes).facts, {}, OpenFolder(folder.Path())),
            std::system_error)
            << name;
        EXPECT_EQ(elsewhere.Get("kept"), "kept");
        EXPECT_EQ(std::distance(fs::directory_iterator(elsewhere.Path()), {}), 1) << name;
    }
    const TemporaryFolder folder;
    folder.Put("engine.so", "old");
    EXPECT_THROW(
        UnpackPackage(MemorySource(bytes), Examine(bytes).facts, {}, OpenFolder(folder.Path())),
        std::system_error);
    EXPECT_EQ(folder.Get("engine.so"), "old");
}

TEST(Package, T1IsNotUnpackedUnlessItIsWhatWasExamined)
{
    RecordProperty("attack", "T1 L21");
    // Of random bytes, so that the length of the package is that of any other.
    Draw draw(4);
    const auto make = [&draw]
    {
        return MakePackage(kName, {{"a", draw.Bytes(5000), false}}, KeyFor(Publisher()));
    };
    const std::string bytes = make();
    const PackageFacts facts = Examine(bytes).facts;
    const TemporaryFolder folder;
    const auto unpack = [&folder](const std::string& what, const PackageFacts& said)
    {
        UnpackPackage(MemorySource(what), said, {}, OpenFolder(folder.Path()));
    };
    for (const SignatureState state : {SignatureState::Missing,
                                       SignatureState::Malformed,
                                       SignatureState::Altered,
                                       SignatureState::Untrusted,
                                       SignatureState::NotForSigning,
                                       SignatureState::OutOfDate,
                                       SignatureState::Weak})
    {
        PackageFacts said = facts;
        said.signature = state;
        EXPECT_THROW(unpack(bytes, said), PackageError);
    }
    // Another package of the same length, as good as the one that was looked at.
    const std::string swapped = make();
    ASSERT_EQ(swapped.size(), bytes.size());
    ASSERT_EQ(Examine(swapped).facts.signature, SignatureState::Valid);
    EXPECT_THROW(unpack(swapped, facts), PackageError);
    EXPECT_THROW(unpack(bytes.substr(1), facts), PackageError);
    EXPECT_TRUE(fs::is_empty(folder.Path()));
    unpack(bytes, facts);
    EXPECT_FALSE(fs::is_empty(folder.Path()));
}

TEST(Package, L15AFileThatBecomesShorterIsRefused)
{
    RecordProperty("attack", "L15");
    const TemporaryFolder folder;
    const std::string bytes = Sample();
    const fs::path path = folder.Put("p.cab", bytes);
    const FileDescriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    file.Truncate(bytes.size() - 100);
    EXPECT_THROW(ExaminePackage(FileSource(file, bytes.size()), TrustIn(Root()), kAsOfS),
                 PackageError);
    EXPECT_NE(
        ExaminePackage(FileSource(file, file.Size()), TrustIn(Root()), kAsOfS).facts.signature,
        SignatureState::Valid);
}

} // namespace
} // namespace lanpeer::reference
