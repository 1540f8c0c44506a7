# Writes built-from.cc's constants anew when they have changed: by which commit, ns-3 and compiler
# lanpeer-sim was built. Run at every build; costs one `git describe`.
#
#   cmake -DSOURCE=... -DOUTPUT=... -DNS3=... -DCOMPILER=... -P built-from.cmake
find_program(git git)
set(commit unknown)
set(dirty false)
if(git AND EXISTS ${SOURCE}/.git)
  execute_process(COMMAND ${git} -C ${SOURCE} rev-parse --short=12 HEAD
                  OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(head)
    set(commit ${head})
    # results/ is what programs write, not what they are made of.
    execute_process(COMMAND ${git} -C ${SOURCE} status --porcelain --untracked-files=no
                            -- CMakeLists.txt model scenarios analysis
                    OUTPUT_VARIABLE changes OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(changes)
      set(dirty true)
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
constexpr const char* kCommit = "@commit@";
constexpr bool kDirty = @dirty@;
constexpr const char* kNs3 = "@NS3@";
constexpr const char* kCompiler = "@COMPILER@";
]])
