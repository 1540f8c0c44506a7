#include "model/lan/parameter-attributes.h"

#include "model/lan/peering-application.h"
#include "model/lan/update-application.h"

#include <cctype>
#include <ns3/attribute.h>
#include <ns3/boolean.h>
#include <ns3/nstime.h>
#include <ns3/uinteger.h>

namespace lanpeer::lan
{

namespace
{

/// Reads and writes one parameter of an application's configuration: of a PeeringApplication's, a
/// Parameter, or of an UpdateApplication's, an UpdateParameter.
template <typename Application, typename Row>
class ParameterAccessor : public ns3::AttributeAccessor
{
  public:
    explicit ParameterAccessor(const Row& parameter)
        : m_parameter(parameter)
    {
    }

    bool Set(ns3::ObjectBase* object, const ns3::AttributeValue& value) const override
    {
        auto* application = dynamic_cast<Application*>(object);
        if (application == nullptr)
        {
            return false;
        }
        std::uint64_t figure = 0;
        if (const auto* flag = dynamic_cast<const ns3::BooleanValue*>(&value))
        {
            figure = flag->Get() ? 1 : 0;
        }
        else if (const auto* count = dynamic_cast<const ns3::UintegerValue*>(&value))
        {
            figure = count->Get();
        }
        else if (const auto* time = dynamic_cast<const ns3::TimeValue*>(&value))
        {
            const ns3::Time duration = time->Get();
            const std::int64_t perUnit = m_parameter.unit == Unit::Seconds ? 1000 : 1;
            figure = static_cast<std::uint64_t>(duration.GetMilliSeconds() / perUnit);
        }
        else
        {
            return false;
        }
        if (figure < m_parameter.min || figure > m_parameter.max)
        {
            return false;
        }
        SetParameter(application->Config(), m_parameter, figure);
        return true;
    }

    bool Get(const ns3::ObjectBase* object, ns3::AttributeValue& value) const override
    {
        const auto* application = dynamic_cast<const Application*>(object);
        if (application == nullptr)
        {
            return false;
        }
        const std::uint64_t figure = GetParameter(application->Config(), m_parameter);
        if (auto* flag = dynamic_cast<ns3::BooleanValue*>(&value))
        {
            flag->Set(figure != 0);
        }
        else if (auto* count = dynamic_cast<ns3::UintegerValue*>(&value))
        {
            count->Set(figure);
        }
        else if (auto* time = dynamic_cast<ns3::TimeValue*>(&value))
        {
            time->Set(m_parameter.unit == Unit::Seconds ? ns3::Seconds(static_cast<double>(figure))
                                                        : ns3::MilliSeconds(figure));
        }
        else
        {
            return false;
        }
        return true;
    }

    bool HasGetter() const override
    {
        return true;
    }

    bool HasSetter() const override
    {
        return true;
    }

  private:
    const Row& m_parameter;
};

/// "after_boot_s" is "AfterBoot".
std::string
CamelCase(std::string_view key, Unit unit)
{
    const std::string_view suffix = unit == Unit::Milliseconds ? "_ms"
                                    : unit == Unit::Seconds    ? "_s"
                                                               : "";
    key.remove_suffix(suffix.size());
    std::string name;
    bool upper = true;
    for (const char c : key)
    {
        if (c == '_')
        {
            upper = true;
            continue;
        }
        name.push_back(upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c);
        upper = false;
    }
    return name;
}

template <typename Application, typename Row>
void
AddParameterAttribute(ns3::TypeId& tid, const std::string& name, const Row& parameter)
{
    const ns3::Ptr<const ns3::AttributeAccessor> accessor(
        new ParameterAccessor<Application, Row>(parameter), false);
    const std::string help(parameter.meaning);
    switch (parameter.unit)
    {
    case Unit::Flag:
        tid.AddAttribute(name,
                         help,
                         ns3::BooleanValue(parameter.defaultValue != 0),
                         accessor,
                         ns3::MakeBooleanChecker());
        break;
    case Unit::Count:
    case Unit::Port:
        tid.AddAttribute(name,
                         help,
                         ns3::UintegerValue(parameter.defaultValue),
                         accessor,
                         ns3::MakeUintegerChecker<std::uint64_t>(parameter.min, parameter.max));
        break;
    case Unit::Milliseconds:
        tid.AddAttribute(name,
                         help,
                         ns3::TimeValue(ns3::MilliSeconds(parameter.defaultValue)),
                         accessor,
                         ns3::MakeTimeChecker(ns3::MilliSeconds(parameter.min),
                                              ns3::MilliSeconds(parameter.max)));
        break;
    case Unit::Seconds:
        tid.AddAttribute(name,
                         help,
                         ns3::TimeValue(ns3::Seconds(static_cast<double>(parameter.defaultValue))),
                         accessor,
                         ns3::MakeTimeChecker(ns3::Seconds(static_cast<double>(parameter.min)),
                                              ns3::Seconds(static_cast<double>(parameter.max))));
        break;
    }
}

} // namespace

std::string
AttributeName(const Parameter& parameter)
{
    constexpr std::string_view rules = "rules.";
    const bool isRule = parameter.key.substr(0, rules.size()) == rules;
    return isRule ? "Rule" + CamelCase(parameter.key.substr(rules.size()), parameter.unit)
                  : CamelCase(parameter.key, parameter.unit);
}

std::string
AttributeName(const UpdateParameter& parameter)
{
    return CamelCase(parameter.key, parameter.unit);
}

void
AddParameterAttributes(ns3::TypeId& tid)
{
    for (const Parameter& parameter : ParameterTable())
    {
        AddParameterAttribute<PeeringApplication>(tid, AttributeName(parameter), parameter);
    }
    tid.AddAttribute("InternetAccess",
                     "Whether the node has Internet access of its own (FIG. 1).",
                     ns3::BooleanValue(true),
                     ns3::MakeBooleanAccessor(&PeeringApplication::SetInternetAccess,
                                              &PeeringApplication::HasInternetAccess),
                     ns3::MakeBooleanChecker());
}

void
AddUpdateAttributes(ns3::TypeId& tid)
{
    for (const UpdateParameter& parameter : UpdateParameterTable())
    {
        AddParameterAttribute<UpdateApplication>(tid, AttributeName(parameter), parameter);
    }
}

} // namespace lanpeer::lan
