#include "tests/traceability/requirement-list.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace lanpeer::traceability
{
namespace
{

class Reader
{
  public:
    Reader(const std::string& text, const std::string& name)
        : m_name(name)
    {
        try
        {
            m_root = YAML::Load(text);
        }
        catch (const YAML::ParserException& error)
        {
            Fail(error.mark, error.msg);
        }
    }

    RequirementList Read()
    {
        CheckKeys(m_root, {"requirements", "claims", "attacks"});
        m_list.requirements = ReadSections("requirements");
        m_list.attacks = ReadSections("attacks");
        for (const auto& claim : Need(m_root, "claims", YAML::NodeType::Map))
        {
            m_list.claims.push_back(ReadClaim(claim.first, claim.second));
        }
        return std::move(m_list);
    }

  private:
    [[noreturn]] void Fail(const YAML::Mark& mark, const std::string& what) const
    {
        throw std::runtime_error(fmt::format("{}:{}: {}", m_name, mark.line + 1, what));
    }

    void CheckKeys(const YAML::Node& node, const std::set<std::string>& known) const
    {
        if (!node.IsMap())
        {
            Fail(node.Mark(), "not a map");
        }
        for (const auto& entry : node)
        {
            if (known.count(entry.first.Scalar()) == 0)
            {
                Fail(entry.first.Mark(), entry.first.Scalar() + ": no such key");
            }
        }
    }

    YAML::Node Need(const YAML::Node& node, const char* key, YAML::NodeType::value type) const
    {
        const YAML::Node value = node[key];
        if (!value || value.Type() != type || (value.IsScalar() && value.Scalar().empty()))
        {
            Fail(node.Mark(), fmt::format("{} is missing, or is no {}", key, Word(type)));
        }
        return value;
    }

    static const char* Word(YAML::NodeType::value type)
    {
        return type == YAML::NodeType::Map        ? "map"
               : type == YAML::NodeType::Sequence ? "list"
                                                  : "text";
    }

    std::string Text(const YAML::Node& node, const char* key) const
    {
        return Need(node, key, YAML::NodeType::Scalar).Scalar();
    }

    std::string TextIfAny(const YAML::Node& node, const char* key) const
    {
        return node[key] ? Text(node, key) : "";
    }

    std::string NewId(const YAML::Node& id)
    {
        if (!m_ids.insert(id.Scalar()).second)
        {
            Fail(id.Mark(), id.Scalar() + " stands twice");
        }
        return id.Scalar();
    }

    std::vector<Section> ReadSections(const char* key)
    {
        std::vector<Section> sections;
        for (const YAML::Node& node : Need(m_root, key, YAML::NodeType::Sequence))
        {
            CheckKeys(node, {"section", "of"});
            Section section;
            section.title = Text(node, "section");
            for (const auto& entry : Need(node, "of", YAML::NodeType::Map))
            {
                const std::string id = NewId(entry.first);
                CheckKeys(entry.second, {"title", "open", "partly", "program"});
                section.of.push_back({id,
                                      Text(entry.second, "title"),
                                      TextIfAny(entry.second, "open"),
                                      TextIfAny(entry.second, "partly"),
                                      TextIfAny(entry.second, "program")});
            }
            sections.push_back(section);
        }
        return sections;
    }

    Claim ReadClaim(const YAML::Node& id, const YAML::Node& node)
    {
        CheckKeys(node, {"title", "parts"});
        Claim claim{NewId(id), Text(node, "title"), {}};
        for (const YAML::Node& part : Need(node, "parts", YAML::NodeType::Sequence))
        {
            CheckKeys(part, {"what", "by"});
            claim.parts.push_back({Text(part, "what"), {}});
            for (const YAML::Node& by : Need(part, "by", YAML::NodeType::Sequence))
            {
                if (m_list.Find(by.Scalar()) == nullptr)
                {
                    Fail(by.Mark(), by.Scalar() + ": no such requirement");
                }
                claim.parts.back().by.push_back(by.Scalar());
            }
            if (claim.parts.back().by.empty())
            {
                Fail(part.Mark(), "this part stands on nothing");
            }
        }
        return claim;
    }

    std::string m_name;
    YAML::Node m_root;
    RequirementList m_list;
    std::set<std::string> m_ids;
};

} // namespace

const Requirement*
RequirementList::Find(std::string_view id) const
{
    for (const auto* sections : {&requirements, &attacks})
    {
        for (const Section& section : *sections)
        {
            const auto found =
                std::find_if(section.of.begin(),
                             section.of.end(),
                             [id](const Requirement& requirement) { return requirement.id == id; });
            if (found != section.of.end())
            {
                return &*found;
            }
        }
    }
    return nullptr;
}

RequirementList
ParseRequirementList(const std::string& text, const std::string& name)
{
    return Reader(text, name).Read();
}

} // namespace lanpeer::traceability
