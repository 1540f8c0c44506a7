#include "model/protocol/update/signature-state.h"

namespace lanpeer
{

std::string_view
ToString(SignatureState state)
{
    switch (state)
    {
    case SignatureState::Valid:
        return "valid";
    case SignatureState::Missing:
        return "missing";
    case SignatureState::Malformed:
        return "malformed";
    case SignatureState::Altered:
        return "altered";
    case SignatureState::Untrusted:
        return "untrusted";
    case SignatureState::NotForSigning:
        return "not for signing";
    case SignatureState::OutOfDate:
        return "out of date";
    case SignatureState::Weak:
        return "weak";
    }
    return "?";
}

} // namespace lanpeer
