#pragma once

#include "model/protocol/context.h"
#include "model/protocol/slot-table.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace lanpeer
{

/// A whole, accepted copy of a resource that this node holds (R-HTTP-2). Bytes are the host's.
struct LocalCopy
{
    std::string href;
    std::uint64_t size = 0;
    std::string alias;             ///< empty until its token is drawn; not offered before
    bool announceComplete = false; ///< a "download complete" is owed once the alias is there

    LANPEER_FIELDS(href, size, alias, announceComplete)
};

/// The list of local aliased copies that a server refers to [0020]: an index by URI and by alias.
class LocalCopies
{
  public:
    /// Takes a copy up and draws its alias. \p announce: tell everyone once it is offered (the end
    /// of a download, R-CLI-5).
    void Add(const Context& context, const std::string& href, std::uint64_t size, bool announce);

    /// The alias of a copy was drawn: from now on it is offered.
    void AliasDrawn(const Context& context, std::uint32_t slot, const Token& token);

    void Remove(const Context& context, const std::string& href);

    /// Is the resource held, offered already or about to be?
    bool Holds(const std::string& href) const;

    /// \returns the copy if it is offered, or nullptr.
    const LocalCopy* FindOffered(const std::string& href) const;

    /// \returns the copy served under an alias, or nullptr.
    const LocalCopy* FindAlias(const std::string& alias) const;

    std::size_t Count() const
    {
        return m_copies.Count();
    }

    // The indexes follow from the copies.
    LANPEER_FIELDS(m_copies)

  private:
    static void AnnounceComplete(const Context& context, const LocalCopy& copy);

    SlotTable<LocalCopy> m_copies;
    std::unordered_map<std::string, std::uint32_t, FieldsHash> m_byHref;
    std::unordered_map<std::string, std::uint32_t, FieldsHash> m_byAlias;
};

} // namespace lanpeer
