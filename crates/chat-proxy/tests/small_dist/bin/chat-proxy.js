program
