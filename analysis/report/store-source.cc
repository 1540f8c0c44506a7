#include "analysis/report/store-source.h"

namespace lanpeer::report
{

RunSource
SourceOf(const analysis::ResultStore& store)
{
    RunSource source;
    source.each =
        [&store](bool replays, const std::function<void(const analysis::StoredRun&)>& take)
    {
        analysis::ResultStore::Columns columns;
        columns.metrics = !replays;
        columns.nodes = !replays;
        columns.replay = replays;
        store.ForEach(columns, take);
    };
    source.name = store.Text("name").value_or("");
    source.sweepText = store.Text("sweep").value_or("");
    source.makers = store.Makers();
    return source;
}

} // namespace lanpeer::report
