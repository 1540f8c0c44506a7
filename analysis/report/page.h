#pragma once

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>

namespace lanpeer::report
{

/// Where page.html, page.css and the page's scripts are: $LANPEER_REPORT_DIR, else
/// ../share/lanpeer/report beside the program's folder, else the source tree.
std::filesystem::path PageFolder();

/// Where ECharts is: `echarts.min.js` in PageFolder(), else where ./setup had npm put it.
std::filesystem::path ChartsFile();

/// One HTML file that needs nothing else: the model, the page's own style and scripts, and ECharts.
/// Throws ReportError if one of these cannot be read.
std::string MakePage(const nlohmann::ordered_json& model);

/// For HTML's text and attributes.
std::string EscapedForHtml(const std::string& text);

/// The model's text for a <script type="application/json">: without "<", so that nothing in it ends
/// the script, and valid UTF-8.
std::string EscapedForScript(const nlohmann::ordered_json& model);

} // namespace lanpeer::report
