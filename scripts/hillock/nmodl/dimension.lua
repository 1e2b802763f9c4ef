local dimension = {}
function dimension.constants() end
function dimension.check() end
return dimension
