#include "tests/swarm/shrink.h"

#include <algorithm>
#include <string>
#include <vector>

namespace lanpeer::swarm
{

namespace
{

bool
Fails(const Setting& setting, const Violation& violation)
{
    const Outcome outcome = Run(setting, false).Go();
    return outcome.violation && outcome.violation->requirement == violation.requirement;
}

} // namespace

Setting
Shrink(const Setting& failing,
       const Violation& violation,
       const std::function<void(std::size_t, std::size_t)>& told)
{
    Setting smallest = failing;
    std::size_t runs = 0;
    // Many at once first, then fewer: most of what was drawn has nothing to do with it.
    for (std::size_t many = Droppable(smallest).size(); many > 0;)
    {
        bool less = false;
        const std::vector<std::string> names = Droppable(smallest);
        for (std::size_t first = 0; first < names.size(); first += many)
        {
            Setting without = smallest;
            bool dropped = false;
            for (std::size_t i = first; i < std::min(first + many, names.size()); ++i)
            {
                dropped = Drop(without, names[i]) || dropped;
            }
            ++runs;
            if (dropped && Fails(without, violation))
            {
                smallest = std::move(without);
                less = true;
            }
        }
        told(Droppable(smallest).size(), runs);
        many = less && many == 1 ? 1 : many / 2;
    }
    return smallest;
}

} // namespace lanpeer::swarm
