# Writes built-from.cc's constants anew when they have changed: from which sources, by which commit,
# ns-3 and compiler lanpeer-sim was built. Run at every build; costs a tenth of a second.
#
#   cmake -DSOURCE=... -DOUTPUT=... -DNS3=... -DCOMPILER=... -P built-from.cmake

# What decides what a run gives: protocol, simulation, metrics, and how a scenario becomes both. The
# scenario's own text is told apart (sweep-folder.h).
file(GLOB_RECURSE texts LIST_DIRECTORIES false RELATIVE ${SOURCE}
     ${SOURCE}/model/*.cc ${SOURCE}/model/*.h)
file(GLOB others LIST_DIRECTORIES false RELATIVE ${SOURCE}
     ${SOURCE}/analysis/*.cc ${SOURCE}/analysis/*.h ${SOURCE}/scenarios/*.cc ${SOURCE}/scenarios/*.h
     ${SOURCE}/CMakeLists.txt ${SOURCE}/CMakePresets.json)
list(APPEND texts ${others})
list(SORT texts)
set(digests "")
foreach(text IN LISTS texts)
  file(SHA256 ${SOURCE}/${text} digest)
  string(APPEND digests "${text} ${digest}\n")
endforeach()
string(SHA256 sources "${digests}")
string(SUBSTRING ${sources} 0 12 sources)

find_program(git git)
set(commit unknown)
set(dirty false)
if(git AND EXISTS ${SOURCE}/.git)
  execute_process(COMMAND ${git} -C ${SOURCE} rev-parse --short=12 HEAD
                  OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(head)
    set(commit ${head})
    # results/ is what programs write, not what they are made of.
    execute_process(COMMAND ${git} -C ${SOURCE} status --porcelain
                            -- CMakeLists.txt model scenarios analysis
                    OUTPUT_VARIABLE changes OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(changes)
      set(dirty true)
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
constexpr const char* kSources = "@sources@";
constexpr const char* kCommit = "@commit@";
constexpr bool kDirty = @dirty@;
constexpr const char* kNs3 = "@NS3@";
constexpr const char* kCompiler = "@COMPILER@";
]])
