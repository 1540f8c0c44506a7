#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lanpeer::traceability
{

/// A line that tests may name.
struct Requirement
{
    std::string id; ///< "R-SRV-3", or an attack: "L2"
    std::string title;
    std::string open;    ///< the work that brings it, if it is not there yet
    std::string partly;  ///< what of it is not there yet, although tests stand for the rest
    std::string program; ///< the test program that must show it, if it matters which
};

struct Section
{
    std::string title;
    std::vector<Requirement> of;
};

/// One element of a claim and the requirements that it stands on.
struct ClaimPart
{
    std::string what;
    std::vector<std::string> by;
};

struct Claim
{
    std::string id; ///< "C1"
    std::string title;
    std::vector<ClaimPart> parts;
};

/// What there is to prove (requirements.yaml).
struct RequirementList
{
    std::vector<Section> requirements;
    std::vector<Claim> claims;
    std::vector<Section> attacks;

    /// A requirement or an attack; nullptr: no such ID.
    const Requirement* Find(std::string_view id) const;
};

/// Throws std::runtime_error, "NAME:line: what is wrong", for what is not such a list: also for an
/// ID that stands twice, and for a claim that stands on an unknown one.
RequirementList ParseRequirementList(const std::string& text, const std::string& name);

} // namespace lanpeer::traceability
