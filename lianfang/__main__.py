from lianfang.console import main

main()
