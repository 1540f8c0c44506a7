#pragma once

#include "model/protocol/update/package-facts.h"
#include "reference/packages/byte-source.h"
#include "reference/packages/cabinet.h"
#include "reference/packages/certificates.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace lanpeer::reference
{

/// What there is to say of a package that arrived.
struct Examination
{
    PackageFacts facts;
    /// Why the signature is not valid, or there is no embedded name; empty if all is well. One
    /// line, without control characters.
    std::string message;
};

/// Looks at a package: its length and SHA-256, then the signature as of a moment, and only if that
/// is valid the name within, for which the package's entry `cabinfo.ini` alone is decompressed
/// (L16).
///
/// \param asOfS seconds since the epoch
///
/// Whatever the bytes are is in the result; throws std::system_error if they cannot be read.
Examination ExaminePackage(const ByteSource& source,
                           const Trust& trust,
                           std::int64_t asOfS,
                           const CabinetLimits& limits = {});

/// The bytes of one entry of a package whose signature is valid.
///
/// Throws PackageError: if it is not there, or longer than \p maxBytes.
std::string ReadEntry(const ByteSource& source,
                      const CabinetLimits& limits,
                      const std::string& name,
                      std::size_t maxBytes);

/// A signed cabinet of these files, with the name embedded as its first entry. The same files, name
/// and RSA key make the same bytes.
///
/// Throws PackageError.
std::string MakePackage(const EmbeddedName& name,
                        const std::vector<CabinetFile>& files,
                        const SigningKey& key,
                        const CabinetLimits& limits = {});

/// SHA-256 as hexadecimal digits.
std::string Sha256Of(const ByteSource& source);

} // namespace lanpeer::reference
