#include "reading.h"

#include "model/settings/text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

/// Every kind of mistake has its one line, to the letter: where, which key, what is wrong, what
/// would be right.
namespace lanpeer::scenario
{

using namespace settings;

namespace
{

struct Mistake
{
    std::string text; ///< of the file, or the argument of --set
    std::string line;
};

void
ExpectLines(const std::vector<Mistake>& mistakes, std::string (*errorOf)(const std::string&))
{
    for (const Mistake& mistake : mistakes)
    {
        EXPECT_EQ(errorOf(mistake.text), mistake.line) << mistake.text;
        EXPECT_TRUE(IsOneLine(mistake.line)) << mistake.line;
    }
}

void
ExpectFileLines(const std::vector<Mistake>& mistakes)
{
    ExpectLines(mistakes, [](const std::string& text) { return ErrorOf(text); });
}

/// The parser sees some mistakes where the file is over: they are its last line's.
TEST(ErrorLines, AreLinesOfTheFile)
{
    ExpectFileLines({
        {"about: |\n a\n%b", "s.yaml:3: a second document"},
        {"about: |\n # a\n%-policy b\n", "s.yaml:3: a second document"},
    });
}

TEST(ErrorLines, WrongType)
{
    ExpectFileLines({
        {"lan:\n  nodes: abc\n",
         "s.yaml:2: lan.nodes: 'abc' is not a whole number; expected 1 to 65533"},
        {"lan:\n  nodes: 5.5\n",
         "s.yaml:2: lan.nodes: '5.5' is not a whole number; expected 1 to 65533"},
        {"lan:\n  nodes: \"5\"\n",
         "s.yaml:2: lan.nodes: '5' is not a whole number but quoted text; expected 1 to 65533"},
        {"lan:\n  nodes: 010\n",
         "s.yaml:2: lan.nodes: '010' is not a whole number; expected 1 to 65533"},
        {"lan:\n  nodes: +5\n",
         "s.yaml:2: lan.nodes: '+5' is not a whole number; expected 1 to 65533"},
        {"lan:\n  nodes: 0x10\n",
         "s.yaml:2: lan.nodes: '0x10' is not a whole number; expected 1 to 65533"},
        {"lan:\n  nodes: ''\n",
         "s.yaml:2: lan.nodes: '' is not a whole number but quoted text; expected 1 to 65533"},
        {"lan:\n  nodes:\n    - 5\n",
         "s.yaml:3: lan.nodes: a list is not a whole number; expected 1 to 65533"},
        {"lan:\n  nodes: {a: 1}\n",
         "s.yaml:2: lan.nodes: a map is not a whole number; expected 1 to 65533"},
        {"lan: {loss: much}\n", "s.yaml:1: lan.loss: 'much' is not a number; expected 0 to 1"},
        {"lan: {loss: .5}\n", "s.yaml:1: lan.loss: '.5' is not a number; expected 0 to 1"},
        {"lan: {loss: .nan}\n", "s.yaml:1: lan.loss: '.nan' is not a number; expected 0 to 1"},
        {"lan: {loss: nan}\n", "s.yaml:1: lan.loss: 'nan' is not a number; expected 0 to 1"},
        {"lan: {loss: inf}\n", "s.yaml:1: lan.loss: 'inf' is not a number; expected 0 to 1"},
        {"lan: {loss: 1e}\n", "s.yaml:1: lan.loss: '1e' is not a number; expected 0 to 1"},
        {"lan: {loss: 0.1.2}\n", "s.yaml:1: lan.loss: '0.1.2' is not a number; expected 0 to 1"},
        {"lan: {arp_jitter: maybe}\n",
         "s.yaml:1: lan.arp_jitter: 'maybe' is not a yes or no; expected on or off"},
        {"lan: {arp_jitter: 1}\n",
         "s.yaml:1: lan.arp_jitter: '1' is not a yes or no; expected on or off"},
        {"lan: {arp: [cold]}\n",
         "s.yaml:1: lan.arp: a list is not a word; expected static or cold"},
        {"about: [a]\n",
         "s.yaml:1: about: a list is not such a text; expected text, at most 4096 bytes"},
        {"about: \"\\e[31m\"\n",
         "s.yaml:1: about: '\\x1b[31m' is not such a text; expected text, at most 4096 bytes"},
    });
}

TEST(ErrorLines, OutOfBounds)
{
    ExpectFileLines({
        {"lan:\n  nodes: 0\n", "s.yaml:2: lan.nodes: '0' is out of bounds; expected 1 to 65533"},
        {"lan:\n  nodes: -1\n", "s.yaml:2: lan.nodes: '-1' is out of bounds; expected 1 to 65533"},
        {"lan:\n  nodes: 65534\n",
         "s.yaml:2: lan.nodes: '65534' is out of bounds; expected 1 to 65533"},
        {"lan:\n  nodes: 18446744073709551617\n",
         "s.yaml:2: lan.nodes: '18446744073709551617' is out of bounds; expected 1 to 65533"},
        {"lan: {loss: 1.01}\n", "s.yaml:1: lan.loss: '1.01' is out of bounds; expected 0 to 1"},
        {"lan: {loss: -1e-9}\n", "s.yaml:1: lan.loss: '-1e-9' is out of bounds; expected 0 to 1"},
        {"lan: {rate_mbps: 1e999}\n",
         "s.yaml:1: lan.rate_mbps: '1e999' is out of bounds; expected 0.001 to 1000000"},
        {"uplink: {up_kbps: 0}\n",
         "s.yaml:1: uplink.up_kbps: '0' is out of bounds; expected 0.1 to 1000000000 or preset"},
        {"protocol: {reasks: 17}\n",
         "s.yaml:1: protocol.reasks: '17' is out of bounds; expected 0 to 16"},
    });
}

TEST(ErrorLines, WrongWord)
{
    ExpectFileLines({
        {"lan: {arp: warm}\n",
         "s.yaml:1: lan.arp: 'warm' is not one of its words; expected static or cold"},
        {"uplink:\n  preset: adsl\n",
         "s.yaml:2: uplink.preset: 'adsl' is not one of its words; expected modem56k, isdn, dsl, "
         "cable, t1 or fast"},
        {"policy: fig4c\n",
         "s.yaml:1: policy: 'fig4c' is not one of its words; expected direct, proxy, fig4a, fig4b, "
         "robust "
         "or a list"},
        {"policy:\n- robust\n- Direct\n",
         "s.yaml:3: policy: 'Direct' is not one of its words; expected direct, proxy, fig4a, "
         "fig4b, "
         "robust or a list"},
        {"policy: [robust, robust]\n", "s.yaml:1: policy: robust twice; expected each once"},
        {"policy: []\n",
         "s.yaml:1: policy: an empty list; expected direct, proxy, fig4a, fig4b, robust or a list"},
        {"protocol: {rules: {lock: sometimes}}\n",
         "s.yaml:1: protocol.rules.lock: 'sometimes' is not a yes or no; expected on, off or "
         "policy"},
    });
}

TEST(ErrorLines, UnknownKey)
{
    ExpectFileLines({
        {"lan:\n  nods: 5\n", "s.yaml:2: lan.nods: unknown key; did you mean lan.nodes?"},
        {"lan:\n  rate: 5\n", "s.yaml:2: lan.rate: unknown key; did you mean lan.rate_mbps?"},
        {"\nlam:\n  nodes: 5\n", "s.yaml:2: lam: unknown key; did you mean lan?"},
        {"nodes: 5\n", "s.yaml:1: nodes: unknown key; did you mean lan.nodes?"},
        {"polciy: robust\n", "s.yaml:1: polciy: unknown key; did you mean policy?"},
        {"protocol:\n  response_delay: 5\n",
         "s.yaml:2: protocol.response_delay: unknown key; did you mean "
         "protocol.response_delay_ms?"},
        {"protocol:\n  rules:\n    helpers: off\n",
         "s.yaml:3: protocol.rules.helpers: unknown key; did you mean protocol.rules.helper?"},
        {"quantum: 5\n", "s.yaml:1: quantum: unknown key; `lanpeer-sim keys` lists them"},
        {"'': 5\n", "s.yaml:1: '': unknown key; `lanpeer-sim keys` lists them"},
        {"\"a\\nb\": 5\n", "s.yaml:1: a\\x0ab: unknown key; `lanpeer-sim keys` lists them"},
        {"lan.nodes.more: 5\n",
         "s.yaml:1: lan.nodes.more: unknown key; `lanpeer-sim keys` lists them"},
    });
}

TEST(ErrorLines, TwiceInOneFile)
{
    ExpectFileLines({
        {"lan:\n  nodes: 5\n  loss: 0\n  nodes: 6\n",
         "s.yaml:4: lan.nodes: given twice; first in line 2"},
        {"lan:\n  nodes: 5\nlan:\n  loss: 0\n", "s.yaml:3: lan: given twice; first in line 1"},
        {"lan:\n  nodes: 5\nlan.nodes: 6\n", "s.yaml:3: lan.nodes: given twice; first in line 2"},
    });
}

TEST(ErrorLines, NoMapWhereOneBelongs)
{
    ExpectFileLines({
        {"", "s.yaml:1: is empty; expected keys such as lan.nodes"},
        {"# nothing\n---\n", "s.yaml:1: is empty; expected keys such as lan.nodes"},
        {"- lan\n", "s.yaml:1: a list is not a map; expected keys such as lan.nodes"},
        {"\nlan\n", "s.yaml:2: 'lan' is not a map; expected keys such as lan.nodes"},
        {"lan: 5\n", "s.yaml:1: lan: '5' is not a map; expected keys such as lan.nodes"},
        {"lan: [nodes]\n", "s.yaml:1: lan: a list is not a map; expected keys such as lan.nodes"},
        {"\nprotocol:\n  rules: off\n",
         "s.yaml:3: protocol.rules: 'off' is not a map; expected keys such as "
         "protocol.rules.wait"},
        {"? [a, b]\n: 5\n",
         "s.yaml:1: a key with a list as its name; expected one such as lan.nodes"},
        {"lan:\n  ~: 5\n", "s.yaml:2: lan: a key with no name; expected one such as lan.nodes"},
    });
}

TEST(ErrorLines, NoValue)
{
    ExpectFileLines({
        {"lan:\n\nuplink: {preset: dsl}\n",
         "s.yaml:1: lan: has no value; expected keys such as lan.nodes"},
        {"lan:\n  nodes:\n\n\nuplink: {preset: dsl}\n",
         "s.yaml:2: lan.nodes: has no value; expected 1 to 65533"},
        {"lan: {arp: ~}\n", "s.yaml:1: lan.arp: has no value; expected static or cold"},
        {"policy: null\n",
         "s.yaml:1: policy: has no value; expected direct, proxy, fig4a, fig4b, robust or a list"},
    });
}

TEST(ErrorLines, NotYaml)
{
    ExpectFileLines({
        {"lan:\n  nodes: [5\n", "s.yaml:2: not YAML: end of sequence flow not found"},
        {"lan: {nodes: 5\n", "s.yaml:1: not YAML: end of map flow not found"},
        {"lan:\n\tnodes: 5\n", "s.yaml:2: not YAML: illegal map value"},
        {"about: \"x\nlan: {nodes: 5}\n", "s.yaml:2: not YAML: a quote that is never closed"},
        {"about: 'x\n\nlan: {nodes: 5}", "s.yaml:3: not YAML: a quote that is never closed"},
        {"about: 'x\n---\n'", "s.yaml:2: not YAML: illegal document indicator in scalar"},
        {"lan: *nobody\n", "s.yaml:1: not YAML: the referenced anchor is not defined"},
        {"lan: {nodes: 5}\n---\nlan: {nodes: 6}\n", "s.yaml:3: a second document"},
        {"lan:\n  nodes: \x01\n", "s.yaml:2: byte 0x01 is not text of UTF-8"},
        {"about: caf\xe9\n", "s.yaml:1: byte 0xe9 is not text of UTF-8"},
        {std::string("lan\0", 4), "s.yaml:1: byte 0x00 is not text of UTF-8"},
    });
}

TEST(ErrorLines, Resources)
{
    const std::string head = "s.yaml:2: workload.resources";
    const std::string item = "{name: TEXT, bytes: COUNT, share: NUMBER}";
    const auto of = [](const std::string& list)
    {
        return "workload:\n  resources: " + list + "\n";
    };
    ExpectFileLines({
        {of("16000"), head + ": '16000' is not a list; expected update or a list of " + item},
        {of("[]"), head + ": a list of 0; expected update or a list of " + item},
        {of("[a]"), head + "[0]: 'a' is not a map; expected " + item},
        {of("[{name: a}]"), head + "[0]: bytes is missing; expected " + item},
        {of("[{bytes: 1}]"), head + "[0]: name is missing; expected " + item},
        {of("[{name: a, size: 1}]"), head + "[0]: 'size' unknown; expected " + item},
        {of("[{name: a, name: b}]"), head + "[0]: 'name' twice; expected " + item},
        {of("[{name: a, bytes: 0}]"),
         head + "[0].bytes: '0' is out of bounds; expected 1 to 1099511627776"},
        {of("[{name: a, bytes: 1099511627777}]"),
         head + "[0].bytes: '1099511627777' is out of bounds; expected 1 to 1099511627776"},
        {of("[{name: a, bytes: 16 kB}]"),
         head + "[0].bytes: '16 kB' is not a whole number; expected 1 to 1099511627776"},
        {of("[{name: a, bytes: 1, share: 1.5}]"),
         head + "[0].share: '1.5' is out of bounds; expected 0 to 1"},
        {of("[{name: a/b, bytes: 1}]"),
         head + "[0].name: 'a/b' is not the name of a file; expected letters, digits, '.', '_' "
                "and '-'"},
        {of("[{name: .., bytes: 1}]"),
         head + "[0].name: '..' is not the name of a file; expected letters, digits, '.', '_' and "
                "'-'"},
        {of("[{name: '', bytes: 1}]"),
         head + "[0].name: '' is not the name of a file; expected letters, digits, '.', '_' and "
                "'-'"},
        {"workload:\n  resources:\n  - {name: a, bytes: 1}\n  - {name: b, bytes: 1}\n  - name: a\n"
         "    bytes: 2\n",
         "s.yaml:5: workload.resources[2].name: 'a' twice; expected each once"},
    });
}

TEST(ErrorLines, InternetNodes)
{
    const std::string allowed = "; expected all, a count or a list of indices";
    ExpectFileLines({
        {"internet: {nodes: some}\n",
         "s.yaml:1: internet.nodes: 'some' is not a whole number" + allowed},
        {"internet: {nodes: -2}\n", "s.yaml:1: internet.nodes: '-2' is out of bounds" + allowed},
        {"internet:\n  nodes:\n  - 0\n  - x\n",
         "s.yaml:4: internet.nodes[1]: 'x' is not a whole number; expected 0 to 65532"},
        {"internet: {nodes: [1, 2, 1]}\n",
         "s.yaml:1: internet.nodes: node 1 twice; expected each once"},
    });
}

TEST(ErrorLines, KeysThatDoNotGoTogether)
{
    ExpectFileLines({
        {"lan:\n  nodes: 5\nworkload:\n  holders: 6\n",
         "s.yaml:4: workload.holders: 6 holders of 5 nodes; expected workload.holders at most "
         "lan.nodes"},
        {"workload:\n  holders: 2\n  requesters: 4\nlan:\n  nodes: 5\n",
         "s.yaml:5: lan.nodes: 4 requesters and 2 holders of 5 nodes; expected their sum at most "
         "lan.nodes"},
        {"internet:\n  nodes: 51\n",
         "s.yaml:2: internet.nodes: 51 with Internet access of 50 nodes; expected internet.nodes "
         "at most lan.nodes"},
        {"internet:\n  nodes: [4, 50]\n",
         "s.yaml:2: internet.nodes: no node 50 among 50 nodes; expected 0 to 49"},
        {"internet:\n  nodes: []\n",
         "s.yaml:2: internet.nodes: nobody has Internet access and nobody holds anything; expected "
         "internet.nodes or workload.holders at least 1"},
        {"lan:\n  arp_jitter: on\n",
         "s.yaml:2: lan.arp_jitter: lan.arp_jitter needs lan.arp cold; expected both or neither"},
        {"protocol:\n  rules:\n    wait: off\n",
         "s.yaml:3: protocol.rules.wait: rules.straddle needs rules.wait (policy robust); expected "
         "both or neither"},
        {"protocol: {rules: {straddle: on}}\npolicy: [robust, fig4a]\n",
         "s.yaml:1: protocol.rules.straddle: rules.straddle needs rules.wait (policy fig4a); "
         "expected both or neither"},
        {"policy: fig4a\nprotocol: {require_lock: on}\n",
         "s.yaml:2: protocol.require_lock: require_lock needs rules.lock (policy fig4a); expected "
         "both or neither"},
    });
}

TEST(ErrorLines, Media)
{
    RecordProperty("requirement", "R-SIM-2");
    ExpectFileLines({
        {"lan: {medium: token-ring}\n",
         "s.yaml:1: lan.medium: 'token-ring' is not one of its words; expected switch, hub or "
         "wifi"},
        {"lan: {segments: many}\n",
         "s.yaml:1: lan.segments: 'many' is not a whole number; expected 1 to 200"},
        {"lan:\n  nodes: 3\n  segments: 4\n",
         "s.yaml:3: lan.segments: 4 segments of 3 nodes; expected lan.segments at most lan.nodes"},
        {"lan: {two_homed: 1}\n",
         "s.yaml:1: lan.two_homed: 1 with 1 of lan.segments and 50 of lan.nodes; expected "
         "lan.segments at least 2"},
        {"lan: {nodes: 7, segments: 3, two_homed: 7}\n",
         "s.yaml:1: lan.two_homed: 7 with 3 of lan.segments and 7 of lan.nodes; expected at most "
         "6"},
        {"lan:\n  wifi: {mode: adhoc}\n",
         "s.yaml:2: lan.wifi.mode: lan.wifi.mode needs lan.medium wifi; expected both or neither"},
        {"lan: {medium: hub, wifi: {room_m: 31}}\n",
         "s.yaml:1: lan.wifi.room_m: lan.wifi.room_m needs lan.medium wifi; expected both or "
         "neither"},
        {"lan: {medium: wifi, wifi: {standard: b, broadcast_mbps: 6}}\n",
         "s.yaml:1: lan.wifi.broadcast_mbps: 6 is no basic rate of 802.11b; expected 1, 2, 5.5 or "
         "11"},
        {"lan: {medium: wifi, nodes: 1004}\n",
         "s.yaml:1: lan.nodes: 1004 nodes in the air; expected at most 1003 in each of "
         "lan.segments"},
    });
    EXPECT_EQ(ErrorOf("lan: {nodes: 7, segments: 3, two_homed: 6, medium: hub}"), "");
    EXPECT_EQ(ErrorOf("lan: {medium: wifi, wifi: {mode: adhoc, broadcast_mbps: 5.5}}"), "");
}

TEST(ErrorLines, Faults)
{
    RecordProperty("requirement", "R-SIM-5");
    const std::string head = "s.yaml:1: faults.";
    const std::string down = "none or a list of {from_s: NUMBER, for_s: NUMBER}";
    ExpectFileLines({
        {"faults: some\n",
         "s.yaml:1: faults: 'some' is not a map; expected keys such as faults.duplication"},
        {"faults.duplication: 1.1\n",
         head + "duplication: '1.1' is out of bounds; expected 0 to 1"},
        {"faults.corruption_unseen: x\n",
         head + "corruption_unseen: 'x' is not a number; expected 0 to 1"},
        {"faults.reordering_max_ms: -1\n",
         head + "reordering_max_ms: '-1' is out of bounds; expected 0 to 60000"},
        {"faults.restart_after_s: soon\n",
         head + "restart_after_s: 'soon' is not a number; expected 0 to 31536000 or never"},
        {"faults.storm_control_pps: 0\n",
         head + "storm_control_pps: '0' is out of bounds; expected 1 to 1000000 or off"},
        {"faults.uplink_down: 5\n", head + "uplink_down: '5' is not a list; expected " + down},
        {"faults.uplink_down: []\n", head + "uplink_down: a list of 0; expected " + down},
        {"faults.uplink_down: [{from_s: 1}]\n",
         head + "uplink_down[0]: for_s is missing; expected {from_s: NUMBER, for_s: NUMBER}"},
        {"faults.uplink_down: [{from_s: 5, for_s: 10}, {from_s: 14, for_s: 1}]\n",
         head + "uplink_down[1].from_s: '14' is out of bounds; expected 15 to 31536000"},
        {"{lan.nodes: 5, faults.crashes: 6}\n",
         head + "crashes: 6 of 5 honest nodes; expected faults.crashes at most that"},
        {"{lan.nodes: 5, faults.mute: 6}\n",
         head + "mute: 6 of 5 honest nodes; expected faults.mute at most that"},
        {"{workload.days: 2, faults.crashes: 1}\n",
         head + "crashes: with workload.days nodes ask when their schedule says, and are switched "
                "off by their office hours; expected no faults.crashes"},
    });
}

TEST(ErrorLines, Workloads)
{
    RecordProperty("requirement", "R-SIM-4");
    const std::string head = "s.yaml:1: workload.";
    const std::string both =
        "workload.arrival trace needs workload.trace, and the other way round; "
        "expected both or neither";
    const std::string itself = "a trace says itself who asks for what and when; expected neither "
                               "workload.requesters, workload.rounds nor a share of a resource";
    const std::string days = "with workload.days nodes ask when their schedule says, and are "
                             "switched off by their office hours; expected no ";
    ExpectFileLines({
        {"workload: {arrival: trace}\n", head + "arrival: " + both},
        {"workload: {trace: a.csv}\n", head + "trace: " + both},
        {"workload: {trace: [a]}\n",
         head + "trace: a list is no path; expected none or the path of a CSV file"},
        {"workload: {arrival: trace, trace: a.csv, requesters: 3}\n",
         head + "requesters: " + itself},
        {"workload: {arrival: trace, trace: a.csv, rounds: 2}\n", head + "rounds: " + itself},
        {"workload: {arrival: trace, trace: a.csv, resources: [{name: a, bytes: 1, share: 0.5}]}\n",
         head + "resources: " + itself},
        {"workload: {rounds: 0}\n", head + "rounds: '0' is out of bounds; expected 1 to 10000"},
        {"workload: {rounds: 10000, round_every_s: 1e6}\n",
         head + "round_every_s: the last of 10000 rounds begins after more than 316224000 s; "
                "expected fewer, or sooner"},
        {"workload: {days: 2, rounds: 2}\n", head + "rounds: " + days + "workload.rounds"},
        {"workload: {days: 2, leave_share: 0.1}\n",
         head + "leave_share: " + days + "workload.leave_share"},
    });
}

TEST(ErrorLines, NotInThisVersion)
{
    ExpectFileLines({
        {"policy: coop\n", "s.yaml:1: policy coop: not in this version"},
        {"policy: [robust,\n  coop]\n", "s.yaml:2: policy coop: not in this version"},
    });
    EXPECT_EQ(ErrorOf("{faults: {}, adversaries: {}}"), "");
}

TEST(ErrorLines, Set)
{
    const std::vector<Mistake> mistakes = {
        {"lan.nodes=abc", "--set lan.nodes=abc: 'abc' is not a whole number; expected 1 to 65533"},
        {"lan.nodes=", "--set lan.nodes=: has no value; expected 1 to 65533"},
        {"lan.nodes", "--set lan.nodes: has no '='; expected PATH=VALUE"},
        {"=5", "--set =5: has no key; expected PATH=VALUE"},
        {"lan.nods=5", "--set lan.nods=5: unknown key; did you mean lan.nodes?"},
        {"lan.nodes=[5", "--set lan.nodes=[5: not YAML: end of sequence flow not found"},
        {"lan=5", "--set lan=5: '5' is not a map; expected keys such as lan.nodes"},
        {"lan={nodes: 0}",
         "--set lan={nodes: 0}: lan.nodes: '0' is out of bounds; expected 1 to 65533"},
        {"lan={nodes: 1, nodes: 2}",
         "--set lan={nodes: 1, nodes: 2}: lan.nodes: given twice; first in line 1"},
        {"lan.medium=air",
         "--set lan.medium=air: 'air' is not one of its words; expected switch, hub or wifi"},
        {"policy=coop", "--set policy=coop: policy coop: not in this version"},
        {"faults.loss=0.1", "--set faults.loss=0.1: unknown key; did you mean lan.loss?"},
        {"workload.holders=51",
         "--set workload.holders=51: 51 holders of 50 nodes; expected workload.holders at most "
         "lan.nodes"},
        {"lan.nodes=5\nlan.loss: 1",
         "--set lan.nodes=5\\x0alan.loss: 1: not YAML: illegal map "
         "value"},
        {"protocol.rules.wait=off",
         "--set protocol.rules.wait=off: rules.straddle needs rules.wait (policy robust); expected "
         "both or neither"},
    };
    ExpectLines(mistakes, SetError);
}

TEST(ErrorLines, TheLastOneToSetAKeyIsToBlame)
{
    EXPECT_EQ(ErrorOf("workload:\n  holders: 6\n", {"lan.nodes=5"}),
              "--set lan.nodes=5: 6 holders of 5 nodes; expected workload.holders at most "
              "lan.nodes");
    EXPECT_EQ(ErrorOf("lan: {nodes: 5}", {"workload.holders=6", "lan.loss=0"}),
              "--set workload.holders=6: 6 holders of 5 nodes; expected workload.holders at most "
              "lan.nodes");
}

TEST(ErrorLines, Policy)
{
    const auto policyError = [](const std::string& argument)
    {
        return ErrorOf("protocol.rules.pause: on", {}, argument);
    };
    RecordProperty("requirement", "R-SIM-7");
    EXPECT_EQ(policyError("coop"), "policy coop: not in this version");
    EXPECT_EQ(policyError("direct,proxy"), "");
    EXPECT_EQ(
        policyError("fig5"),
        "--policy fig5: 'fig5' is not one of its words; expected direct, proxy, fig4a, fig4b, "
        "robust or a list");
    EXPECT_EQ(
        policyError("fig4a,"),
        "--policy fig4a,: '' is not one of its words; expected direct, proxy, fig4a, fig4b, robust "
        "or a list");
    EXPECT_EQ(policyError("fig4a,fig4a"), "--policy fig4a,fig4a: fig4a twice; expected each once");
    EXPECT_EQ(ErrorOf("protocol.rules.straddle: on", {}, "direct,fig4a"),
              "s.yaml:1: protocol.rules.straddle: rules.straddle needs rules.wait (policy fig4a); "
              "expected both or neither");
    EXPECT_EQ(ErrorOf("{}", {"protocol.rules.straddle=true"}, "fig4a"),
              "--set protocol.rules.straddle=true: rules.straddle needs rules.wait (policy fig4a); "
              "expected both or neither");
}

TEST(ErrorLines, LongTextIsCut)
{
    const std::string line = SetError("lan.nodes=" + std::string(5000, 'x'));
    EXPECT_TRUE(IsOneLine(line));
    EXPECT_LT(line.size(), 500U);
    EXPECT_NE(line.find("xxx...: "), std::string::npos) << line;
}

} // namespace
} // namespace lanpeer::scenario
