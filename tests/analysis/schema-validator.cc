#include "schema-validator.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <stdexcept>
#include <string_view>

namespace lanpeer::analysis
{

namespace
{

using Json = nlohmann::json;

bool
IsOfType(const Json& value, std::string_view type)
{
    if (type == "integer")
    {
        return value.is_number_integer() ||
               (value.is_number_float() && std::floor(value.get<double>()) == value.get<double>());
    }
    if (type == "number")
    {
        return value.is_number();
    }
    if (type == "string")
    {
        return value.is_string();
    }
    if (type == "object")
    {
        return value.is_object();
    }
    if (type == "null")
    {
        return value.is_null();
    }
    throw std::logic_error("schema: unknown type");
}

std::string
Below(const std::string& path, const std::string& key)
{
    return path + "/" + key;
}

class Judge
{
  public:
    explicit Judge(const Json& root)
        : m_root(root)
    {
    }

    void Check(const Json& schema, const Json& value, const std::string& path)
    {
        for (const auto& [keyword, operand] : schema.items())
        {
            CheckKeyword(schema, keyword, operand, value, path);
        }
    }

    std::vector<std::string> Faults() const
    {
        return m_faults;
    }

  private:
    void CheckKeyword(const Json& schema,
                      const std::string& keyword,
                      const Json& operand,
                      const Json& value,
                      const std::string& path)
    {
        if (keyword == "$ref")
        {
            Check(m_root.at(Json::json_pointer(operand.get<std::string>().substr(1))), value, path);
        }
        else if (keyword == "type")
        {
            CheckType(operand, value, path);
        }
        else if (keyword == "required")
        {
            CheckRequired(operand, value, path);
        }
        else if (keyword == "properties")
        {
            CheckProperties(operand, value, path);
        }
        else if (keyword == "additionalProperties")
        {
            CheckOthers(schema, operand, value, path);
        }
        else if (keyword == "minimum" || keyword == "maximum" || keyword == "minLength")
        {
            CheckBound(keyword, operand, value, path);
        }
        else if (keyword != "title" && keyword != "description" && keyword != "$schema" &&
                 keyword != "$id" && keyword != "$defs")
        {
            throw std::logic_error("schema: unknown keyword " + keyword);
        }
    }

    void CheckType(const Json& operand, const Json& value, const std::string& path)
    {
        const Json types = operand.is_array() ? operand : Json::array({operand});
        for (const Json& type : types)
        {
            if (IsOfType(value, type.get<std::string>()))
            {
                return;
            }
        }
        m_faults.push_back(path + ": wrong type");
    }

    void CheckRequired(const Json& keys, const Json& value, const std::string& path)
    {
        for (const Json& key : keys)
        {
            if (value.is_object() && !value.contains(key.get<std::string>()))
            {
                m_faults.push_back(Below(path, key.get<std::string>()) + ": missing");
            }
        }
    }

    void CheckProperties(const Json& properties, const Json& value, const std::string& path)
    {
        for (const auto& [key, schema] : properties.items())
        {
            if (value.is_object() && value.contains(key))
            {
                Check(schema, value.at(key), Below(path, key));
            }
        }
    }

    void CheckOthers(const Json& schema,
                     const Json& operand,
                     const Json& value,
                     const std::string& path)
    {
        const Json named = schema.value("properties", Json::object());
        for (const auto& [key, item] : value.items())
        {
            if (!value.is_object() || named.contains(key))
            {
                continue;
            }
            if (operand.is_object())
            {
                Check(operand, item, Below(path, key));
            }
            else if (!operand.get<bool>())
            {
                m_faults.push_back(Below(path, key) + ": not in the schema");
            }
        }
    }

    /// Each of them judges only values of its own type.
    void CheckBound(const std::string& keyword,
                    const Json& operand,
                    const Json& value,
                    const std::string& path)
    {
        const bool isBroken = keyword == "minLength"
                                  ? value.is_string() && value.get<std::string>().size() < operand
                              : !value.is_number()   ? false
                              : keyword == "minimum" ? value < operand
                                                     : value > operand;
        if (isBroken)
        {
            m_faults.push_back(path + ": breaks " + keyword);
        }
    }

    const Json& m_root;
    std::vector<std::string> m_faults;
};

} // namespace

std::vector<std::string>
SchemaFaults(const Json& schema, const Json& value)
{
    Judge judge(schema);
    judge.Check(schema, value, "");
    return judge.Faults();
}

} // namespace lanpeer::analysis
